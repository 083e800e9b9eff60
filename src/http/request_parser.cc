#include "http/request_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/same_name.h"
#include "http/url.h"

namespace innkeeper::http {
namespace beast = boost::beast::http;

struct RequestParser::Impl {
  explicit Impl(ParserLimits given) : limits(given) {
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.body_limit(limits.body_bytes);
    parser.eager(false);  // stop after the header: it is checked before a byte of the body is read
  }

  void fail(int with_status, std::string with_reason) {
    state = State::failed;
    status = with_status;
    reason = std::move(with_reason);
  }

  void fail(const boost::system::error_code& error) {
    if (error == beast::error::header_limit) return fail(431, error.message());
    if (error == beast::error::body_limit) return fail(413, error.message());
    fail(400, error.message());
  }

  std::size_t find_block_end(std::string_view bytes);
  std::size_t put(std::string_view bytes);
  void read_header();
  bool check_framing();
  bool check_host();
  bool read_target(std::string_view target);
  void read_expect();

  ParserLimits limits;
  beast::request_parser<beast::string_body> parser;
  State state = State::header;
  std::size_t searched = 0;      // of the header block: its lines up to here are whole
  std::size_t request_line = 0;  // its length, once the parser has it
  int status = 0;
  std::string reason;
  Request request;
  bool wants_continue = false;
};

namespace {

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::size_t count_headers(const std::vector<Header>& headers, std::string_view name) {
  std::size_t count = 0;
  for (const Header& header : headers) count += same_name(header.first, name) ? 1 : 0;
  return count;
}

// The path and query of "http://host/path?query", or nothing where it is not that.
std::optional<std::string_view> origin_form(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() || !same_name(target.substr(0, scheme.size()), scheme)) {
      continue;
    }
    const std::size_t path = target.find_first_of("/?", scheme.size());
    return path == target.npos ? "/" : target.substr(path);
  }
  return std::nullopt;
}

// Of what a method may begin with; a TLS client's first byte is none.
bool is_method_character(char character) { return character > ' ' && character < '\x7f'; }

}  // namespace

// The length of the header block that `bytes` begin with; 0 where its end has not come, or where it
// is refused. Beast gets the request line, and then the headers in one piece: of a piece that ends
// within the block it takes the headers that are whole, so that no limit holds for their sum, and
// joins the lines of a folded one (obs-fold, RFC 9112) unseen. What can be no request is refused
// before the end has come.
std::size_t RequestParser::Impl::find_block_end(std::string_view bytes) {
  if (!is_method_character(bytes.front())) return fail(400, "no request line"), 0;
  const std::string_view block = bytes.substr(0, limits.header_bytes);
  for (std::size_t end; (end = block.find('\n', searched)) != block.npos; searched = end + 1) {
    if (end == 0 || block[end - 1] != '\r') return fail(400, "a line feed on its own"), 0;
    if (searched == 0) {
      request_line = put(block.substr(0, end + 1));
      if (state == State::failed) return 0;
      continue;
    }
    if (end == searched + 1) return end + 1;
    if (block[searched] == ' ' || block[searched] == '\t') {
      return fail(400, "a header folded over several lines"), 0;
    }
  }
  if (bytes.size() >= limits.header_bytes) fail(431, "header limit exceeded");
  return 0;
}

// Framing that two readers could read differently is how a request is smuggled past a proxy.
bool RequestParser::Impl::check_framing() {
  const std::size_t encodings = count_headers(request.headers, "Transfer-Encoding");
  const std::size_t lengths = count_headers(request.headers, "Content-Length");
  if (lengths > 1) return fail(400, "several Content-Length headers"), false;
  if (lengths == 1 && request.header("Content-Length")->find(',') != std::string_view::npos) {
    return fail(400, "several Content-Length values"), false;
  }
  if (encodings == 0) return true;
  if (lengths > 0) return fail(400, "both Transfer-Encoding and Content-Length"), false;
  if (encodings > 1 || !same_name(*request.header("Transfer-Encoding"), "chunked")) {
    return fail(400, "a Transfer-Encoding other than chunked"), false;
  }
  if (parser.get().version() < 11) return fail(400, "Transfer-Encoding in HTTP/1.0"), false;
  return true;
}

bool RequestParser::Impl::check_host() {
  const std::size_t hosts = count_headers(request.headers, "Host");
  if (hosts > 1) return fail(400, "several Host headers"), false;
  if (hosts == 0 && parser.get().version() >= 11) return fail(400, "no Host header"), false;
  return true;
}

bool RequestParser::Impl::read_target(std::string_view target) {
  target = target.substr(0, target.find('#'));  // no client should send one
  const std::string_view origin = origin_form(target).value_or(target);
  const std::size_t question = std::min(origin.find('?'), origin.size());
  const std::string_view raw_path = question == 0 ? "/" : origin.substr(0, question);
  std::optional<std::string> path = decode_path(raw_path);
  if (!path) return fail(400, "a target that is no path"), false;
  request.path = std::move(*path);
  request.query = origin.substr(std::min(question + 1, origin.size()));
  return true;
}

void RequestParser::Impl::read_expect() {
  const auto expect = request.header("Expect");
  if (!expect || parser.get().version() < 11) return;  // RFC 9110: a 1.0 client can't wait for it
  if (!same_name(*expect, "100-continue"))
    return fail(417, "an expectation other than 100-continue");
  wants_continue = !parser.is_done();
}

void RequestParser::Impl::read_header() {
  if (!parser.is_header_done()) return fail(400, "a header block without end");
  const auto& message = parser.get();
  request.method = view(message.method_string());
  for (const auto& field : message) {
    request.headers.emplace_back(view(field.name_string()), view(field.value()));
  }
  if (!check_framing() || !check_host() || !read_target(view(message.target()))) return;
  read_expect();
  if (state == State::failed) return;
  state = parser.is_done() ? State::done : State::body;
  parser.eager(true);
}

RequestParser::RequestParser(ParserLimits limits) : m_impl(std::make_unique<Impl>(limits)) {}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

std::size_t RequestParser::Impl::put(std::string_view bytes) {
  boost::system::error_code error;
  const std::size_t used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (error && error != beast::error::need_more) fail(error);
  return used;
}

std::size_t RequestParser::feed(std::string_view bytes) {
  Impl& impl = *m_impl;
  if (impl.state == State::done || impl.state == State::failed || bytes.empty()) return 0;
  if (impl.state == State::header) {
    const std::size_t block = impl.find_block_end(bytes);
    if (block == 0) return 0;
    impl.put(bytes.substr(impl.request_line, block - impl.request_line));
    if (impl.state != State::failed) impl.read_header();
    return block;
  }
  // Wherever one stands in a chunked body, "0 CRLF CRLF" is still to come. Beast, where it has seen
  // the "0 CRLF" of it, asserts that five bytes are there.
  if (impl.parser.chunked() && bytes.size() < 5) return 0;
  const std::size_t used = impl.put(bytes);
  if (impl.state == State::failed) return used;
  if (impl.parser.is_done()) {
    impl.state = State::done;
  } else if (used == 0 && bytes.size() > 2 * impl.limits.header_bytes) {
    impl.fail(400, "a chunk header or trailer without end");
  }
  return used;
}

RequestParser::State RequestParser::state() const { return m_impl->state; }
int RequestParser::status() const { return m_impl->status; }
std::string_view RequestParser::reason() const { return m_impl->reason; }
bool RequestParser::expects_continue() const { return m_impl->wants_continue; }
bool RequestParser::keep_alive() const { return m_impl->parser.get().keep_alive(); }
bool RequestParser::is_http_1_0() const { return m_impl->parser.get().version() < 11; }

Request RequestParser::take() {
  m_impl->request.body = std::move(m_impl->parser.get().body());
  return std::move(m_impl->request);
}

}  // namespace innkeeper::http
