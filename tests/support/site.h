// A whole site for one test: SQLite in a temporary directory, no cache unless a test brings one,
// users, a clock that stands still, and (where asked for) a real server.
#pragma once

#include <memory>
#include <string>

#include "http/server.h"
#include "store/schema.h"
#include "store/schema_watch.h"
#include "store/sqlite/sqlite_database.h"
#include "support/captured_log.h"
#include "support/temporary_folder.h"
#include "web/site.h"

namespace innkeeper::test {

class Site {
 public:
  explicit Site(web::SiteOptions options = {}, bool migrated = true)
      : m_options(std::move(options)) {
    store::sqlite::Options file;
    file.file = database_file();
    file.create = migrated;
    file.busy_timeout = std::chrono::milliseconds(50);
    m_database = store::sqlite::open(file);
    if (migrated) store::migrate(*m_database->connect(store::Access::write), settings().users);
    m_watched = std::make_unique<store::SchemaWatch>(*m_database, m_users, clock);
    m_engine =
        std::make_unique<engine::Engine>(settings(), *m_watched, nullptr, clock, random, log);
    m_accounts = std::make_unique<engine::Accounts>(*m_engine, random);
    m_devices = std::make_unique<device::DeviceReader>(device::DeviceReader::Options{}, log);
    m_locations = std::make_unique<location::LocationReader>("", log);
  }

  store::Database& database() { return *m_database; }  // below the look at the schema
  engine::Engine& engine() { return *m_engine; }
  engine::Accounts& accounts() { return *m_accounts; }
  const device::DeviceReader& devices() { return *m_devices; }
  const location::LocationReader& locations() { return *m_locations; }
  std::filesystem::path database_file() const { return m_directory.path() / "site.sqlite3"; }

  // The id of a new user with the password "correct horse"; staff are superusers.
  std::string add_user(const std::string& name, bool staff = false) {
    return add_user(name, staff, staff);
  }
  std::string add_user(const std::string& name, bool staff, bool superuser) {
    user::User user;
    user.username = name;
    user.is_active = true;
    user.is_staff = staff;
    user.is_superuser = superuser;
    return m_accounts->create(user, Secret(std::string("correct horse")));
  }

  http::Handler handler() {
    return web::make_site(m_options, *m_engine, *m_accounts, *m_devices, *m_locations, clock,
                          random, log);
  }
  // Starts a server at the first call; its port.
  std::uint16_t port() {
    if (!m_server) {
      http::ServerOptions options;
      options.port = 0;
      m_server = std::make_unique<http::Server>(options, handler(), log);
      m_server->start();
    }
    return m_server->port();
  }

  ManualClock clock;
  SystemRandom random;
  CapturedLog log;

 private:
  static engine::Settings settings() {
    engine::Settings settings;
    settings.keys.secret_key =
        Secret(std::string("a secret key of the tests, long enough for anybody"));
    settings.passwords.pbkdf2_iterations = 1000;
    return settings;
  }

  web::SiteOptions m_options;
  TemporaryFolder m_directory;
  std::unique_ptr<store::Database> m_database;
  const store::UserColumns m_users = settings().users;
  std::unique_ptr<store::SchemaWatch> m_watched;  // m_database, as the engine gets it
  std::unique_ptr<engine::Engine> m_engine;
  std::unique_ptr<engine::Accounts> m_accounts;
  std::unique_ptr<device::DeviceReader> m_devices;
  std::unique_ptr<location::LocationReader> m_locations;
  std::unique_ptr<http::Server> m_server;
};

}  // namespace innkeeper::test
