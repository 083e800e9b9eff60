// The staff's list as a request pays for it, without the network: session and user looked up, 100
// rows read by key, device, place and name of each, the template, the answer's headers. 10,000
// sessions against 1,000,000: it must cost the same.
#include <array>
#include <map>
#include <memory>

#include <benchmark/benchmark.h>

#include "base/error.h"
#include "cache/lmdb/lmdb_cache.h"
#include "http/work.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_database.h"
#include "tests/support/temporary_folder.h"
#include "web/session_view.h"
#include "web/site.h"
#include "web/time_text.h"

namespace innkeeper::web {
namespace {

constexpr std::array<const char*, 5> agents{
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/118.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 "
    "Mobile Safari/537.36",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"};

engine::Settings settings() {
  engine::Settings settings;
  settings.keys.secret_key = Secret("a secret key for benchmarks, long enough to look like one");
  return settings;
}

// A site with `rows` sessions, 20 of each user, and a member of the staff who looks at them.
struct Site {
  test::TemporaryFolder folder;
  SystemClock clock;
  SystemRandom random;
  device::DeviceReader devices{{}, null_log()};
  location::LocationReader locations{INNKEEPER_DEMO_FILE, null_log()};
  std::unique_ptr<store::Database> database =
      store::sqlite::open({.file = folder / "book.sqlite3", .create = true});
  std::unique_ptr<cache::Cache> cache =
      cache::lmdb::open({.directory = folder / "cache"}, clock, null_log());
  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<engine::Accounts> accounts;
  http::Handler handler;
  http::Request request;

  explicit Site(std::int64_t rows) {
    const auto writer = database->connect(store::Access::write);
    store::migrate(*writer, settings().users);
    add_users(*writer, rows / 20);
    add_sessions(*writer, rows);
  }
  void open() {
    engine = std::make_unique<engine::Engine>(settings(), *database, cache.get(), clock, random,
                                              null_log());
    accounts = std::make_unique<engine::Accounts>(*engine, random);
    handler = make_site({}, *engine, *accounts, devices, locations, clock, random, null_log());
    sign_in();
  }

 private:
  static void add_users(store::Connection& writer, std::int64_t users) {
    const std::vector<store::Value> parameters{users};
    writer.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
        "INSERT INTO auth_user (id, password, is_superuser, username, last_name, email, is_staff, "
        "is_active, date_joined, first_name) SELECT i, '!', 1, 'user' || i, '', '', 1, 1, "
        "'2026-01-01 00:00:00', '' FROM n",
        parameters);
  }
  static void add_sessions(store::Connection& writer, std::int64_t rows) {
    std::string agent = "CASE i % 5";
    for (std::size_t i = 0; i < agents.size(); ++i) {
      agent += " WHEN " + std::to_string(i) + " THEN '" + agents[i] + "'";
    }
    const std::vector<store::Value> parameters{rows, rows};
    writer.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
        "INSERT INTO innkeeper_session (session_key, session_data, expire_date, user_id, ip, "
        "user_agent, client_hints, created_at, updated_at, last_activity, version) "
        "SELECT lower(hex(randomblob(20))), hex(randomblob(200)), "
        "datetime('now', '+' || (i % 1000000) || ' seconds') || '.000000', i / 20 % (? / 20) + 1, "
        "'203.0.113.' || (i % 256), " +
            agent +
            " END, '', datetime('now', '-90 days') || '.000000', datetime('now', '-80 days') || "
            "'.000000', datetime('now', '-' || (i % 5000000) || ' seconds') || '.000000', 1 FROM n",
        parameters);
  }
  void sign_in() {
    engine::Session session;
    accounts->sign_in(session, *accounts->find("1"), {});
    request.method = "GET";
    request.path = "/admin/sessions/";
    request.peer = "203.0.113.7";
    request.headers = {{"Host", "localhost"},
                       {"User-Agent", agents[0]},
                       {"Cookie", "sessionid=" + std::string(session.key()->reveal())}};
  }
};

Site& site_of(std::int64_t rows) {
  static std::map<std::int64_t, std::unique_ptr<Site>> sites;
  auto& site = sites[rows];
  if (!site) {
    site = std::make_unique<Site>(rows);
    site->open();
  }
  return *site;
}

void list(benchmark::State& state, const std::string& query) {
  Site& site = site_of(state.range(0));
  site.request.query = query;
  std::size_t bytes = 0;
  for (auto _ : state) {
    const http::Answer answer = http::answer_request(site.handler, site.request, {}, null_log());
    if (!answer.bytes.starts_with("HTTP/1.1 200")) throw Error("no page: " + answer.bytes);
    bytes = answer.bytes.size();
  }
  state.counters["page_bytes"] = static_cast<double>(bytes);
}

void session_list(benchmark::State& state) { list(state, ""); }
void session_list_of_user(benchmark::State& state) { list(state, "user=7&validity=active"); }
void session_list_by_name(benchmark::State& state) { list(state, "q=user123&owner=user"); }

// An address that one session has: by the index on addresses.
void session_list_by_rare_address(benchmark::State& state) { list(state, "q=198.51.100.1"); }

// None fits these, and an index says so.
void session_list_of_visitors(benchmark::State& state) { list(state, "owner=visitor"); }
void session_list_by_rare_network(benchmark::State& state) { list(state, "q=198.51.100.0/22"); }
// All addresses share 203.0., so that the index leads to every row, and none fits: the longest look
// that a request takes.
void session_list_by_hidden_network(benchmark::State& state) { list(state, "q=203.0.114.0/23"); }

// The template alone: what of a page is neither database nor look-ups.
void template_of_100_rows(benchmark::State& state) {
  const Templates templates;
  for (auto _ : state) {
    std::vector<View> rows;
    for (int i = 0; i < 100; ++i) {
      View row;
      row.text("id", std::string(40, 'a')).flag("has_user", true).text("user", "ada");
      row.text("user_url", "/admin/sessions/?user=1").text("device", "Firefox 128 on Linux");
      row.flag("is_desktop", true).maybe("place", "Lyon, France").maybe("address", "203.0.113.7");
      for (const char* name : {"started", "last_active", "expires"}) {
        row.object(name, time_view(Time{}, Time{}));
      }
      row.flag("active", true).flag("active_now", false).flag("this_session", false);
      rows.push_back(std::move(row));
    }
    View view;
    view.flag("has_rows", true).list("rows", std::move(rows));
    benchmark::DoNotOptimize(templates.render("session_list", view));
  }
}

BENCHMARK(template_of_100_rows)->Unit(benchmark::kMillisecond);
BENCHMARK(session_list)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(session_list_of_user)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(session_list_by_name)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(session_list_by_rare_address)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(session_list_of_visitors)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(session_list_by_rare_network)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(session_list_by_hidden_network)
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace innkeeper::web
