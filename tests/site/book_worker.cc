// A C++ program that shares the sessions of a Django site, told what to do line by line: the other
// half of test_shared.py. It is made of the public headers alone.
//
// usage: book_worker SECRET-FILE DATABASE CACHE-FOLDER. Each command is answered by one line; NAME
// is the hand that a session is held in.
//
//   open NAME KEY           "found", or "absent"
//   get NAME MEMBER         its JSON, or "-"
//   set NAME MEMBER JSON    "ok"
//   save NAME               "created", "updated", "merged" or "ended"
#include <iostream>
#include <map>
#include <sstream>
#include <string>

#include <innkeeper/innkeeper.h>

namespace {

const char* word_for(innkeeper::Saved saved) {
  switch (saved) {
    case innkeeper::Saved::created:
      return "created";
    case innkeeper::Saved::updated:
      return "updated";
    case innkeeper::Saved::merged:
      return "merged";
    case innkeeper::Saved::ended:
      return "ended";
  }
  return "?";
}

class Worker {
 public:
  explicit Worker(char** arguments)
      : m_book({.secret_key = innkeeper::read_secret(arguments[1]),
                .database = arguments[2],
                .cache = arguments[3]}) {}

  std::string run(const std::string& line) {
    std::istringstream words(line);
    std::string verb, name, member, json;
    words >> verb >> name >> member;
    std::getline(words >> std::ws, json);
    if (verb == "open") return open(name, member);
    innkeeper::Session& session = m_sessions.at(name);
    if (verb == "get") return session.get_json(member).value_or("-");
    if (verb == "save") return word_for(m_book.save(session));
    session.set_json(member, json);
    return "ok";
  }

 private:
  std::string open(const std::string& name, const std::string& key) {
    innkeeper::Session session = m_book.open(key);
    const bool found = session.exists();
    m_sessions.insert_or_assign(name, std::move(session));
    return found ? "found" : "absent";
  }

  innkeeper::Book m_book;
  std::map<std::string, innkeeper::Session> m_sessions;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::cerr << "usage: book_worker SECRET-FILE DATABASE CACHE-FOLDER\n";
    return 2;
  }
  Worker worker(arguments);
  for (std::string line; std::getline(std::cin, line);) std::cout << worker.run(line) << std::endl;
}
