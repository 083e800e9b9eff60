// Which sessions a command speaks of: the options that `sessions list` and `sessions revoke` share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/command.h"
#include "store/session_table.h"

namespace innkeeper::app {

struct SessionSelection {
  std::optional<std::string> user, user_id, network;
  std::vector<std::string> all_but;
  bool active = false, expired = false, visitors = false;

  void declare(Arguments& arguments);
  // Whether anything but --active narrows it: without, it is everybody.
  bool narrows() const;
  // Throws ConfigError for a network or an id that is none, and options that exclude each other.
  // Nothing where
  // --user names nobody.
  std::optional<store::SessionFilter> filter(House& house) const;
  // "sessions of ada from 10.0.0.0/8", for a question.
  std::string describe() const;
};

// The page at `place`, however many rows have to be looked at for it: who waits for a command is
// alone with it. Each look is as bounded as that of a web page, so that nobody else waits.
store::SessionPage full_page(const store::SessionFilter& filter, store::SessionPlace place,
                             House& house);

// A session's public id of the command line. Throws ConfigError for anything else; a session's key
// is not repeated.
session::SessionId session_id(const std::string& text);

}  // namespace innkeeper::app
