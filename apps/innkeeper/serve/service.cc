#include "serve/service.h"

#include "base/error.h"
#include "config/options.h"
#include "http/connection_limit.h"
#include "serve/notify.h"
#include "serve/signals.h"
#include "serve/site.h"
#include "web/middleware/security_headers.h"
#include "web/site.h"

namespace innkeeper::app {
namespace {

// One round of upkeep never holds the writer for long; what is left goes in the next.
constexpr std::chrono::seconds clear_budget{20};

std::string bracketed(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

// How many files there may be is known only where the server runs: `innkeeper settings` in a shell
// has a limit of its own.
void check_open_files(const Config& config, const http::ServerOptions& options) {
  const std::uint64_t files = http::open_file_limit();
  const int left = http::connections_within(files, options.workers + options.io_threads);
  if (options.connection_limit <= left) return;
  impossible(config, "CONNECTION_LIMIT",
             "is " + std::to_string(options.connection_limit) + ", but this process may open " +
                 std::to_string(files) + " files, which leaves " + std::to_string(left) +
                 " connections: raise that limit (LimitNOFILE= of systemd, `ulimit -n`), or lower "
                 "CONNECTION_LIMIT");
}

http::ServerOptions guarded_server_options(const Config& config) {
  http::ServerOptions options = server_options(config);
  check_open_files(config, options);
  options.own_headers = web::security_headers();
  options.body_limit = web::body_limit;
  return options;
}

}  // namespace

Service::Service(House& house) : m_house(house) {}

Service::~Service() {
  m_upkeep.reset();
  m_feed.reset();
  m_server.reset();
}

void Service::bind() {
  m_server = std::make_unique<http::Server>(
      guarded_server_options(m_house.config()),
      [this](const http::Request& request, http::Context& context) {
        return m_handler(request, context);
      },
      m_house.log());
  m_server->bind();
}

void Service::start() {
  m_handler = site_handler(m_house);
  if (!m_server) bind();
  m_server->start();
  if (m_house.cache() != nullptr) {
    m_feed = std::make_unique<Ticker>(m_house.engine().settings().feed_interval / 2,
                                      [this](const auto&) { follow_feed(); });
  }
  const std::int64_t seconds = m_house.config().number("SESSION_CLEAR_INTERVAL");
  if (seconds > 0) {
    m_upkeep =
        std::make_unique<Ticker>(std::chrono::seconds(seconds),
                                 [this](const std::stop_token& stop) { clear_expired(stop); });
  }
}

std::string Service::url() const {
  const std::string address = server_options(m_house.config()).address;
  return "http://" + bracketed(address) + ":" + std::to_string(m_server->port()) + "/";
}

void Service::run(Signals& signals) {
  notify_service_manager("READY=1");
  while (signals.wait() == Wish::reload) reload();
  notify_service_manager("STOPPING=1");
  m_house.log().write(LogLevel::info, general_log, "stopping: requests under way may end");
  m_upkeep.reset();  // what it has not removed goes another time
  m_server->stop();
}

// A database or a cache that is away throws nothing here: the requests that need it say so.
void Service::follow_feed() {
  try {
    m_house.engine().follow_feed();
    m_house.database().upkeep();
  } catch (const std::exception& error) {
    m_house.log().write(LogLevel::error, general_log,
                        std::string("following ended sessions: ") + error.what());
  }
}

void Service::clear_expired(const std::stop_token& stop) {
  try {
    engine::PurgeOptions options;
    options.budget = clear_budget;
    options.stop = stop;
    const engine::PurgeReport report = m_house.engine().clear_expired(options);
    if (report.sessions + report.history == 0) return;
    m_house.log().write(LogLevel::info, general_log,
                        "removed " + std::to_string(report.sessions) + " expired sessions and " +
                            std::to_string(report.history) + " old rows of the history");
  } catch (const std::exception& error) {
    m_house.log().write(LogLevel::error, general_log,
                        std::string("removing expired sessions: ") + error.what());
  }
}

void Service::reload() {
  m_house.log().write(LogLevel::info, general_log,
                      "reading the location files and the device rules again");
  m_house.locations().refresh();
  const std::string& rules = m_house.config().text("DEVICE_RULES");
  if (rules.empty()) return;
  try {
    m_house.devices().load_rules(rules);
    m_house.log().write(LogLevel::info, general_log, "device rules " + rules);
  } catch (const FileError& error) {
    m_house.log().write(LogLevel::error, general_log,
                        std::string("the rules in use stay: ") + error.what());
  }
}

}  // namespace innkeeper::app
