// Who is asking: what a request tells of the machine that it came from.
#pragma once

#include <string>

namespace innkeeper {

// A plain value. What is left empty is "not known" and never erases what the book has noted before.
struct Client {
  // The address of the browser, "203.0.113.7" or "2001:db8::7": a program behind a proxy finds it
  // before. Text that is no address counts as not known.
  std::string ip = {};
  // The header User-Agent as it came; the book keeps its first 512 bytes.
  std::string user_agent = {};
};

}  // namespace innkeeper
