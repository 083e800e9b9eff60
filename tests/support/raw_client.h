// A client that sends what it is told, byte for byte: for what no decent client would send.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace innkeeper::test {

struct RawAnswer {
  int status = 0;
  std::string head, body;
};

// One connection to 127.0.0.1. Every wait ends after ten seconds, so that a broken server fails a
// test instead of stopping it.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port)
      : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    m_connected = ::connect(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() {
    if (m_socket >= 0) ::close(m_socket);
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return m_connected; }

  // False where the other end is gone.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(m_socket, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  // As a client does that wants no answer: the system forgets who it was.
  void send_and_reset(std::string_view text) {
    send(text);
    const linger at_once{1, 0};
    ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(m_socket, -1));
  }
  void end_sending() { ::shutdown(m_socket, SHUT_WR); }

  // Whether something (an answer, or the end) can be read within `milliseconds`.
  bool readable(int milliseconds) {
    if (!m_received.empty()) return true;
    pollfd one{m_socket, POLLIN, 0};
    return ::poll(&one, 1, milliseconds) == 1;
  }

  // The next answer; nothing at the end of the connection.
  std::optional<RawAnswer> answer(bool to_head = false) {
    std::size_t end;
    while ((end = m_received.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return std::nullopt;
    }
    RawAnswer answer;
    answer.head = m_received.substr(0, end + 2);
    m_received.erase(0, end + 4);
    answer.status = std::stoi(answer.head.substr(9, 3));
    const std::size_t length = answer.head.find("Content-Length: ");
    if (length == std::string::npos || to_head) return answer;
    const std::size_t size = std::stoul(answer.head.substr(length + 16));
    while (m_received.size() < size) {
      if (!receive()) return std::nullopt;
    }
    answer.body = m_received.substr(0, size);
    m_received.erase(0, size);
    return answer;
  }

  // Whether the server ended the connection, with nothing more to read.
  bool ended() { return m_received.empty() && !receive(); }

 private:
  bool receive() {
    if (!readable_now_or_soon()) return false;
    char bytes[4096];
    const ssize_t size = ::recv(m_socket, bytes, sizeof bytes, 0);
    if (size <= 0) return false;
    m_received.append(bytes, static_cast<std::size_t>(size));
    return true;
  }
  bool readable_now_or_soon() {
    pollfd one{m_socket, POLLIN, 0};
    return ::poll(&one, 1, 10'000) == 1;
  }

  int m_socket;
  bool m_connected = false;
  std::string m_received;
};

}  // namespace innkeeper::test
