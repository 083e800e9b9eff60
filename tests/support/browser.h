// A small browser: real requests to a real server, a cookie jar, forms with the token of the last
// page.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "http/url.h"
#include "support/raw_client.h"

namespace innkeeper::test {

struct Page {
  int status = 0;
  std::string head, body;

  // The values of all headers of that name.
  std::vector<std::string> headers(const std::string& name) const {
    std::vector<std::string> values;
    const std::string start = "\r\n" + name + ": ";
    for (std::size_t at = head.find(start); at != head.npos; at = head.find(start, at + 1)) {
      const std::size_t from = at + start.size();
      values.push_back(head.substr(from, head.find("\r\n", from) - from));
    }
    return values;
  }
  std::string header(const std::string& name) const {
    const auto values = headers(name);
    return values.empty() ? "" : values.front();
  }
  bool has(std::string_view text) const { return body.find(text) != std::string::npos; }
};

class Browser {
 public:
  explicit Browser(std::uint16_t port,
                   std::string user_agent =
                       "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
      : m_port(port), m_user_agent(std::move(user_agent)) {}

  std::map<std::string, std::string> cookies;
  std::string extra;            // header lines that go with every request
  std::string token;            // of the last page that had a form
  std::string origin = "self";  // what a form says; empty: nothing

  Page get(const std::string& path) { return send("GET", path, ""); }
  Page head(const std::string& path) { return send("HEAD", path, ""); }
  // Sends the form with the last page's token, unless the fields name one.
  Page post(const std::string& path, http::Parameters fields = {}) {
    bool has_token = false;
    for (const auto& field : fields) has_token = has_token || field.first == "csrf_token";
    if (!has_token) fields.emplace_back("csrf_token", token);
    return send("POST", path, http::format_form(fields));
  }
  // The page that a redirect leads to.
  Page follow(const Page& page) {
    if (page.header("Location").empty()) throw std::runtime_error("no redirect: " + page.head);
    return get(page.header("Location"));
  }
  Page sign_in(const std::string& username, const std::string& password) {
    get("/signin/");
    return post("/signin/", {{"username", username}, {"password", password}});
  }

 private:
  Page send(const std::string& method, const std::string& path, const std::string& body) {
    RawClient client(m_port);
    client.send(request_text(method, path, body));
    const auto answer = client.answer(method == "HEAD");
    if (!answer) throw std::runtime_error("no answer to " + method + ' ' + path);
    Page page{answer->status, "\r\n" + answer->head, answer->body};
    for (const std::string& cookie : page.headers("Set-Cookie")) keep(cookie);
    read_token(page);
    return page;
  }

  std::string request_text(const std::string& method, const std::string& path,
                           const std::string& body) const {
    const std::string host = "127.0.0.1:" + std::to_string(m_port);
    std::string text = method + ' ' + path + " HTTP/1.1\r\nHost: " + host +
                       "\r\nUser-Agent: " + m_user_agent + "\r\nConnection: close\r\n" + extra;
    std::string jar;
    for (const auto& [name, value] : cookies) jar += (jar.empty() ? "" : "; ") + name + '=' + value;
    if (!jar.empty()) text += "Cookie: " + jar + "\r\n";
    if (method == "POST") {
      if (!origin.empty())
        text += "Origin: " + (origin == "self" ? "http://" + host : origin) + "\r\n";
      text += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n";
    }
    return text + "\r\n" + body;
  }

  void keep(const std::string& cookie) {
    const std::size_t equals = cookie.find('=');
    const std::string name = cookie.substr(0, equals);
    if (cookie.find("Max-Age=0;") != std::string::npos) {
      cookies.erase(name);
    } else {
      cookies[name] = cookie.substr(equals + 1, cookie.find(';') - equals - 1);
    }
  }

  void read_token(const Page& page) {
    const std::string field = "name=\"csrf_token\" value=\"";
    const std::size_t at = page.body.find(field);
    if (at == std::string::npos) return;
    const std::size_t from = at + field.size();
    token = page.body.substr(from, page.body.find('"', from) - from);
  }

  std::uint16_t m_port;
  std::string m_user_agent;
};

}  // namespace innkeeper::test
