#include "config/reference.h"

#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace innkeeper::app {
namespace {

TEST(Reference, ThePageInDocsIsWhatTheProgramPrints) {
  std::ifstream in(INNKEEPER_TEST_DATA "/../../docs/settings.md");
  std::stringstream page;
  page << in.rdbuf();
  EXPECT_TRUE(page.str() == settings_markdown())
      << "docs/settings.md is not current: innkeeper settings --markdown > docs/settings.md";
}

TEST(Reference, NeitherTextNorJsonShowsASecret) {
  const Config config =
      Config::of({{"SECRET_KEY", "hush"}, {"SECRET_KEY_FALLBACKS", "hush-1,hush-2"}});
  EXPECT_EQ(settings_text(config).find("hush"), std::string::npos);
  EXPECT_EQ(settings_json(config).find("hush"), std::string::npos);
  EXPECT_NE(settings_text(config).find("SECRET_KEY = (set, not shown)"), std::string::npos);
  EXPECT_NE(settings_json(config).find("\"SECRET_KEY\":{\"value\":true,"), std::string::npos);
}

TEST(Reference, JsonKeepsTypes) {
  const std::string json = settings_json(Config::of({{"TRUSTED_PROXIES", "10.0.0.0/8"}}));
  EXPECT_NE(json.find("\"SESSION_COOKIE_AGE\":{\"value\":1209600,\"from\":\"default\"}"),
            std::string::npos);
  EXPECT_NE(json.find("\"TRUSTED_PROXIES\":{\"value\":[\"10.0.0.0/8\"],"), std::string::npos);
}

}  // namespace
}  // namespace innkeeper::app
