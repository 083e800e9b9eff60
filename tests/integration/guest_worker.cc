// One process of a site, told what to do line by line: the other half of processes_test.cc.
//
// usage: guest_worker DATABASE CACHE-FOLDER. Each command is answered by one line.
//
//   now MICROSECONDS         sets the process's clock                            ok
//   create                   a new session                                       its cookie
//   open COOKIE              its members' names, or "-"                          one two
//   save COOKIE NAME         sets a member                                       created updated
//   merged ended revoke COOKIE            ends it ended, or "-" die PLACE                from now
//   on the process is killed (SIGKILL) where the engine passes PLACE    ok storm COOKIE NAME COUNT
//   saves members NAME0 … one after another, a line after each; then "done"
#include <iostream>
#include <sstream>

#include <signal.h>
#include <unistd.h>

#include "cache/lmdb/lmdb_cache.h"
#include "engine/engine.h"
#include "store/sqlite/sqlite_database.h"

namespace innkeeper::engine {
namespace {

const char* word_for(Saved saved) {
  switch (saved) {
    case Saved::created:
      return "created";
    case Saved::updated:
      return "updated";
    case Saved::merged:
      return "merged";
    case Saved::ended:
      return "ended";
  }
  return "?";
}

class Worker {
 public:
  Worker(const char* database, const char* cache)
      : m_database(
            store::sqlite::open({.file = database, .busy_timeout = std::chrono::seconds(60)})),
        m_cache(
            cache::lmdb::open({.directory = cache, .size_bytes = 16u << 20}, m_clock, null_log())),
        m_book(settings(), *m_database, m_cache.get(), m_clock, m_random, null_log()) {}

  void run(const std::string& line) {
    std::istringstream words(line);
    std::string verb, first, second;
    int count = 0;
    words >> verb >> first >> second >> count;
    if (verb == "now") answer(set_clock(std::stoll(first)));
    if (verb == "create") answer(create());
    if (verb == "open") answer(members(first));
    if (verb == "save") answer(save(first, second));
    if (verb == "revoke") answer(m_book.revoke(SessionKey::parse(first)->id(), {}) ? "ended" : "-");
    if (verb == "die") answer(die_at(line.substr(4)));
    if (verb == "storm") storm(first, second, count);
  }

 private:
  static Settings settings() {
    Settings settings;
    settings.keys.secret_key = Secret("the key that all these processes share");
    return settings;
  }
  static void answer(const std::string& text) { std::cout << text << std::endl; }

  std::string set_clock(std::int64_t microseconds) {
    m_clock.set(Time(Duration(microseconds)));
    return "ok";
  }
  std::string create() {
    Session session;
    session.set("first", "1");
    m_book.save(session, {});
    return std::string(session.key()->reveal());
  }
  std::string members(const std::string& cookie) {
    const Session session = m_book.open(cookie);
    if (!session.exists()) return "-";
    std::string names;
    for (const Field& field : session.fields()) names += (names.empty() ? "" : " ") + field.name;
    return names;
  }
  std::string save(const std::string& cookie, const std::string& name) {
    Session session = m_book.open(cookie);
    if (!session.exists()) return "-";
    session.set(name, "1");
    return word_for(m_book.save(session, {}));
  }
  std::string die_at(const std::string& place) {
    m_book.set_fault_point([place](std::string_view here) {
      if (here == place) ::raise(SIGKILL);
    });
    return "ok";
  }
  void storm(const std::string& cookie, const std::string& name, int count) {
    for (int i = 0; i < count; ++i) answer(save(cookie, name + std::to_string(i)));
    answer("done");
  }

  ManualClock m_clock;
  SystemRandom m_random;
  std::unique_ptr<store::Database> m_database;
  std::unique_ptr<cache::Cache> m_cache;
  Engine m_book;
};

}  // namespace
}  // namespace innkeeper::engine

int main(int count, char** arguments) {
  if (count != 3) return 2;
  innkeeper::engine::Worker worker(arguments[1], arguments[2]);
  for (std::string line; std::getline(std::cin, line);) worker.run(line);
}
