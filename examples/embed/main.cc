// A program that keeps sessions of its own. What stands between the two lines is in the README,
// too.
//
//     ./embed SECRET-FILE     makes sessions.sqlite3 and sessions.cache in the folder that it is
//     run in
#include <iostream>
#include <optional>
#include <string>

#include <innkeeper/innkeeper.h>

namespace {

// In a web application: the cookie and the client of a request, and a form's password.
const std::optional<std::string> cookie;
const innkeeper::Client client{
    .ip = "203.0.113.7",
    .user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"};
const innkeeper::Secret password(std::string("a lovelace of twenty"));

std::string run(const std::string& secret_file) {
  // ---- ten lines
  innkeeper::Book book({.secret_key = innkeeper::read_secret(secret_file),
                        .database = "sessions.sqlite3",
                        .cache = "sessions.cache"});
  if (!book.find_user("ada")) book.create_user({.username = "ada"}, password);

  innkeeper::Session session = book.open(cookie);  // whatever the browser sent, or nothing
  const auto user = book.sign_in(session, "ada", password, client);
  session.set("cart", session.get_integer("cart").value_or(0) + 3);
  book.save(session, client);  // now session.key() goes into the cookie

  for (const auto& info : book.sessions_of(user->id)) std::cout << info.device << '\n';
  book.revoke(session.id());  // ended here and in every process, at once
  // ----
  return session.key();
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: embed SECRET-FILE\n";
    return 2;
  }
  const std::string ended = run(arguments[1]);
  innkeeper::Book again({.secret_key = innkeeper::read_secret(arguments[1]),
                         .database = "sessions.sqlite3",
                         .cache = "sessions.cache"});
  std::cout << (again.open(ended).exists() ? "still there\n" : "ended\n");
}
