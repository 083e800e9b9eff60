// One family of exceptions for broken surroundings: a database that is gone, a full disk, a wrong
// file.
//
// What a caller must expect in ordinary life (absent, expired, tampered, conflict) is never thrown:
// it is in what a call returns. An Error says what failed, with what, and what to do; it never
// carries a secret, a session key or a payload.
#pragma once

#include <stdexcept>
#include <string>

namespace innkeeper {

// Whether trying again can help.
enum class Retry {
  never,  // the same call will fail again until somebody mends something
  later,  // the surroundings are busy or away: try again after a while (HTTP: 503 with Retry-After)
};

// Whether the failed call may have taken effect.
enum class Outcome {
  not_done,  // nothing was changed
  in_doubt,  // the connection broke during a commit: look before you try again
};

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, Retry retry = Retry::never,
                 Outcome outcome = Outcome::not_done)
      : std::runtime_error(message), m_retry(retry), m_outcome(outcome) {}
  Retry retry() const noexcept { return m_retry; }
  Outcome outcome() const noexcept { return m_outcome; }

 private:
  Retry m_retry;
  Outcome m_outcome;
};

// A database said no. `kind` lets a program choose an answer; the message names the database and
// the mend.
class StoreError : public Error {
 public:
  enum class Kind {
    unavailable,  // cannot be reached or opened
    locked,       // busy beyond the waiting limit
    read_only,    // writing is refused
    full,         // no room left on the device
    missing,      // no such database, or its tables are not there: run `innkeeper migrate`
    newer,        // its schema is newer than this program
    corrupt,      // the file is not a database, or is damaged
    constraint,   // a uniqueness or foreign key rule refused the row
    misuse,       // a fault of this program: wrong SQL, wrong parameter count
  };
  StoreError(Kind kind, const std::string& message, Outcome outcome = Outcome::not_done)
      : Error(message, retry_for(kind), outcome), m_kind(kind) {}
  Kind kind() const noexcept { return m_kind; }

 private:
  static Retry retry_for(Kind kind) {
    return kind == Kind::unavailable || kind == Kind::locked || kind == Kind::full ? Retry::later
                                                                                   : Retry::never;
  }
  Kind m_kind;
};

// A cache could not be asked. The engine goes on without it.
class CacheError : public Error {
 public:
  explicit CacheError(const std::string& message) : Error(message, Retry::later) {}
};

// A file could not be read or is not what it should be; the message starts with its path.
class FileError : public Error {
 public:
  explicit FileError(const std::string& message) : Error(message) {}
};

// A setting is unknown, ill-typed or impossible; the message names it and where it stands.
class ConfigError : public Error {
 public:
  explicit ConfigError(const std::string& message) : Error(message) {}
};

}  // namespace innkeeper
