// A throw-away site: a folder of its own with database, cache and location file, filled with people
// and sessions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/secret.h"
#include "config/config.h"
#include "wiring.h"

namespace innkeeper::app {

// A new folder under the system's temporary one (0700), removed with all that is in it when it
// goes.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return m_path; }

 private:
  std::filesystem::path m_path;
};

// Settings of the demo in `folder`: of those in force only how the server listens and the log
// speaks are kept.
Config demo_config(const Config& given, const std::filesystem::path& folder, Random& random);

struct DemoPlan {
  std::uint64_t seed = 1;
  std::size_t sessions = 400;
};

// Writes the location file, makes the tables, the people (all with this password) and their
// sessions. `is_stopped` is asked again and again: false where it said so and not all of it is
// there.
bool fill_demo(House& house, const std::filesystem::path& folder, const Secret& password,
               const DemoPlan& plan, const std::function<bool()>& is_stopped);

// Easy to read and to type: no l, 1, O, 0.
Secret demo_password(Random& random);

}  // namespace innkeeper::app
