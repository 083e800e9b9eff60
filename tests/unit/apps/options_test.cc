#include "config/options.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "config/setting.h"
#include "user/password_format.h"

namespace innkeeper::app {
namespace {

Config with(const std::vector<std::pair<std::string, std::string>>& settings) {
  return Config::of(settings);
}

template <class Function>
std::string refusal_of(Function function) {
  try {
    function();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

// What one room allows and the next refuses would be refused without saying where it stands.
TEST(Options, TheEngineTakesWhatIsInTheBoundsOfItsSettings) {
  for (const char* name : {"SESSION_COOKIE_AGE", "SESSION_IDLE_TIMEOUT", "SESSION_ABSOLUTE_TIMEOUT",
                           "SESSION_ACTIVITY_INTERVAL", "SESSION_CACHE_AGE", "SESSION_HISTORY_AGE",
                           "PASSWORD_ITERATIONS"}) {
    const Setting& setting = *find_setting(name);
    for (const std::int64_t value : {setting.least, setting.most}) {
      const auto config = with({{"SECRET_KEY", "a key"},
                                {"SESSION_ACTIVITY_INTERVAL", "0"},
                                {name, std::to_string(value)}});
      EXPECT_EQ(refusal_of([&] { engine::check(engine_settings(config)); }), "") << name;
    }
  }
}

TEST(Options, TheDatabaseIsAPathOrAnSqliteUrl) {
  EXPECT_EQ(database_options(with({{"DATABASE", "/srv/s.sqlite3"}})).file, "/srv/s.sqlite3");
  EXPECT_EQ(database_options(with({{"DATABASE", "sqlite:///srv/s.sqlite3"}})).file,
            "/srv/s.sqlite3");
}

TEST(Options, AnotherDatabaseIsRefusedByWhatThisBuildHasAndItsPasswordIsNotRepeated) {
  const std::string refusal = refusal_of([] {
    database_options(with({{"DATABASE", "postgres://ada:hush@db/site"}}));
  });
  EXPECT_NE(refusal.find("DATABASE is postgres://…, but this build has sqlite"), std::string::npos);
  EXPECT_EQ(refusal.find("hush"), std::string::npos);
}

TEST(Options, TheUsualCacheStandsBesideTheDatabase) {
  EXPECT_EQ(cache_options(with({{"DATABASE", "/srv/s.sqlite3"}}))->directory,
            "/srv/s.sqlite3.cache");
}

TEST(Options, ThereMayBeNoCache) { EXPECT_FALSE(cache_options(with({{"CACHE", "none"}}))); }

TEST(Options, AnotherCacheIsRefused) {
  EXPECT_NE(refusal_of([] {
              cache_options(with({{"CACHE", "redis://:hush@cache/0"}}));
            }).find("this build has lmdb"),
            std::string::npos);
}

TEST(Options, WithoutASecretKeyOneIsToldHowToMakeIt) {
  const std::string refusal = refusal_of([] { engine_settings(with({})); });
  EXPECT_NE(refusal.find("SECRET_KEY is not set"), std::string::npos);
  EXPECT_NE(refusal.find("openssl rand"), std::string::npos);
}

TEST(Options, TheCachesNamespaceIsTheSites) {
  EXPECT_EQ(engine_settings(with({{"SECRET_KEY", "k"}})).cache_namespace, "innkeeper");
  EXPECT_EQ(engine_settings(with({{"SECRET_KEY", "k"}, {"SESSION_CACHE_NAMESPACE", "shop"}}))
                .cache_namespace,
            "shop");
}

TEST(Options, SavesGoIntoTheFeedWhereTheSiteSaysSo) {
  EXPECT_FALSE(engine_settings(with({{"SECRET_KEY", "k"}})).feed_saves);
  EXPECT_TRUE(
      engine_settings(with({{"SECRET_KEY", "k"}, {"SESSION_FEED_SAVES", "true"}})).feed_saves);
}

TEST(Options, ZeroSaysThatThereIsNoTimeout) {
  const auto settings =
      engine_settings(with({{"SECRET_KEY", "k"}, {"SESSION_ABSOLUTE_TIMEOUT", "86400"}}));
  EXPECT_FALSE(settings.expiry.idle_timeout);
  EXPECT_EQ(settings.expiry.absolute_timeout, Seconds(86400));
}

TEST(Options, AnIdleTimeoutShorterThanTheActivityIntervalWouldEndSessionsInUse) {
  const auto make = [] {
    engine_settings(with({{"SECRET_KEY", "k"}, {"SESSION_IDLE_TIMEOUT", "60"}}));
  };
  EXPECT_NE(refusal_of(make).find("SESSION_ACTIVITY_INTERVAL"), std::string::npos);
}

TEST(Options, NoNumberOfIterationsLocksPeopleOut) {
  const std::int64_t most = find_setting("PASSWORD_ITERATIONS")->most;
  EXPECT_TRUE(user::parse_pbkdf2(std::to_string(most) + "$salt$hash")) << "it would never match";
  EXPECT_NE(refusal_of([most] {
              with({{"PASSWORD_ITERATIONS", std::to_string(most + 1)}});
            }).find("PASSWORD_ITERATIONS"),
            std::string::npos);
}

TEST(Options, AnotherSerializerIsOpaque) {
  const auto settings =
      engine_settings(with({{"SECRET_KEY", "k"}, {"SESSION_SERIALIZER", "site.Pickles"}}));
  EXPECT_EQ(settings.serializer, engine::Serializer::opaque);
}

TEST(Options, AColumnNameThatIsNoIdentifierIsRefused) {
  EXPECT_NE(refusal_of([] {
              user_columns(with({{"USER_TABLE", "users; DROP TABLE users"}}));
            }),
            "");
}

TEST(Options, TheServersLimitsAreTheSettings) {
  EXPECT_EQ(server_options(with({})).connection_limit, 0);
  const auto options = server_options(with(
      {{"IO_THREADS", "2"}, {"WORKERS", "3"}, {"QUEUE_LIMIT", "7"}, {"CONNECTION_LIMIT", "20"}}));
  EXPECT_EQ(options.io_threads, 2);
  EXPECT_EQ(options.workers, 3);
  EXPECT_EQ(options.queue_limit, 7);
  EXPECT_EQ(options.connection_limit, 20);
}

TEST(Options, FewerConnectionsThanThreadsThatReadThemAreRefused) {
  const auto make = [] { server_options(with({{"IO_THREADS", "4"}, {"CONNECTION_LIMIT", "3"}})); };
  EXPECT_NE(refusal_of(make).find("CONNECTION_LIMIT is 3, but IO_THREADS is 4"), std::string::npos);
  EXPECT_NE(refusal_of([] {
              with({{"CONNECTION_LIMIT", "-1"}});
            }).find("from 0 to 1000000"),
            std::string::npos);
}

TEST(Endpoint, IsAnAddressWithAPortOrAPortAlone) {
  EXPECT_EQ(parse_endpoint("0.0.0.0:80")->address, "0.0.0.0");
  EXPECT_EQ(parse_endpoint("[::1]:9000")->address, "::1");
  EXPECT_EQ(parse_endpoint("9000")->address, "127.0.0.1");
  EXPECT_EQ(parse_endpoint("9000")->port, 9000);
}

TEST(Endpoint, AnythingElseIsNone) {
  for (const char* text : {"", "::1:9000", "[127.0.0.1]:80", "localhost:80", "127.0.0.1",
                           "1.2.3.4:65536", "[::1]", "x"}) {
    EXPECT_FALSE(parse_endpoint(text)) << text;
  }
}

TEST(SecretKey, IsWeakByDjangosMeasure) {
  EXPECT_FALSE(is_weak(Secret(std::string(49, 'a') + "bcde")));
  EXPECT_TRUE(is_weak(Secret("short")));
  EXPECT_TRUE(is_weak(Secret(std::string(80, 'a'))));
}

}  // namespace
}  // namespace innkeeper::app
