// What a book in a folder of its own is opened with.
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <innkeeper/innkeeper.h>

#include "support/temporary_folder.h"

namespace innkeeper {

using test::TemporaryFolder;

inline Options options_in(const std::filesystem::path& folder) {
  Options options;
  options.secret_key = Secret(std::string("a secret for tests, and for nothing else"));
  options.database = folder / "book.sqlite3";
  options.cache = folder / "cache";
  options.cache_bytes = 4u << 20;
  return options;
}

inline Secret good_password() { return Secret(std::string("a lovelace of twenty")); }

inline Client firefox() {
  return {.ip = "203.0.113.7",
          .user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"};
}

}  // namespace innkeeper
