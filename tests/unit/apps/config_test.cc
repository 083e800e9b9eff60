#include "config/config.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "config/options.h"
#include "config/toml_file.h"

namespace innkeeper::app {
namespace {

// A folder of its own for the files of one test.
class ConfigTest : public testing::Test {
 protected:
  ConfigTest() {
    std::string name = std::filesystem::temp_directory_path() / "config_test_XXXXXX";
    m_folder = mkdtemp(name.data());
  }
  ~ConfigTest() override { std::filesystem::remove_all(m_folder); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(m_folder / name) << text;
    return m_folder / name;
  }
  Config load_toml(const std::string& text) const {
    return Config::load({write("site.toml", text), {}, {}});
  }
  std::string refusal_of(const Sources& sources) const {
    try {
      Config::load(sources);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  }
  std::string refusal_of_toml(const std::string& text) const {
    return refusal_of({write("site.toml", text), {}, {}});
  }
  std::string file(const std::string& name) const { return m_folder / name; }

  std::filesystem::path m_folder;
};

TEST_F(ConfigTest, WithoutAnySourceDjangosDefaultsHold) {
  const Config config = Config::load({});
  EXPECT_EQ(config.number("SESSION_COOKIE_AGE"), 1209600);
  EXPECT_EQ(config.text("SESSION_COOKIE_NAME"), "sessionid");
  EXPECT_EQ(config.text("SESSION_COOKIE_SAMESITE"), "Lax");
  EXPECT_TRUE(config.flag("SESSION_COOKIE_HTTPONLY"));
  EXPECT_TRUE(config.secret("SECRET_KEY").empty());
}

TEST_F(ConfigTest, TheEnvironmentOverridesTheFileAndAFlagOverridesBoth) {
  const std::string toml = write("site.toml", "WORKERS = 2\nIO_THREADS = 2\nQUEUE_LIMIT = 2\n");
  const Config config = Config::load(
      {toml, {{"INNKEEPER_WORKERS", "3"}, {"INNKEEPER_IO_THREADS", "3"}}, {{"WORKERS", "4"}}});
  EXPECT_EQ(config.number("WORKERS"), 4);
  EXPECT_EQ(config.number("IO_THREADS"), 3);
  EXPECT_EQ(config.number("QUEUE_LIMIT"), 2);
}

TEST_F(ConfigTest, KnowsWhereAValueComesFrom) {
  const Config config =
      Config::load({write("site.toml", "# ours\nWORKERS = 2\n"), {}, {{"LISTEN", "8001"}}});
  EXPECT_EQ(config.origin("WORKERS").where, file("site.toml") + ":2");
  EXPECT_EQ(config.origin("LISTEN").where, "--listen");
  EXPECT_EQ(config.origin("CACHE").where, "default");
}

TEST_F(ConfigTest, AnUnknownSettingInAFileIsNamedWithItsLineAndTheNearestName) {
  EXPECT_EQ(refusal_of_toml("WORKERS = 2\n\nSESION_COOKIE_AGE = 3600\n"),
            file("site.toml") +
                ":3: unknown setting SESION_COOKIE_AGE. Did you mean SESSION_COOKIE_AGE?");
}

TEST_F(ConfigTest, AnUnknownVariableOfOurPrefixIsNamedToo) {
  EXPECT_EQ(refusal_of({{}, {{"INNKEEPER_SECRET_KY", "hush"}}, {}}),
            "INNKEEPER_SECRET_KY: unknown setting SECRET_KY. Did you mean SECRET_KEY?");
}

TEST_F(ConfigTest, OtherProgramsVariablesAreNotOurs) {
  EXPECT_EQ(
      refusal_of(
          {{}, {{"SESSION_COOKIE_AGE", "x"}, {"PATH", "/bin"}, {"INNKEEPER_CONFIG", "a"}}, {}}),
      "");
}

TEST_F(ConfigTest, WhatKubernetesAndDockerSayOfAServiceOfOurNameIsPassedOver) {
  const Environment links{{"INNKEEPER_SERVICE_HOST", "10.0.0.7"},
                          {"INNKEEPER_SERVICE_PORT", "8080"},
                          {"INNKEEPER_SERVICE_PORT_WEB", "8080"},
                          {"INNKEEPER_PORT", "tcp://10.0.0.7:8080"},
                          {"INNKEEPER_PORT_8080_TCP", "tcp://10.0.0.7:8080"},
                          {"INNKEEPER_PORT_8080_TCP_ADDR", "10.0.0.7"},
                          {"INNKEEPER_PORT_8080_TCP_PORT", "8080"},
                          {"INNKEEPER_PORT_8080_TCP_PROTO", "tcp"},
                          {"INNKEEPER_DNS_PORT", "udp://10.0.0.8:53"},
                          {"INNKEEPER_DNS_SERVICE_HOST", "10.0.0.8"},
                          {"INNKEEPER_DNS_PORT_53_UDP", "udp://10.0.0.8:53"},
                          {"INNKEEPER_NAME", "/web/innkeeper"},
                          {"INNKEEPER_ENV_LANG", "C"}};
  EXPECT_EQ(refusal_of({{}, links, {}}), "");
}

TEST_F(ConfigTest, WhatOnlyResemblesThoseIsStillNamed) {
  const Environment mistakes{{"INNKEEPER_PORT", "8000"},
                             {"INNKEEPER_LISTEN_PORT", "8000"},
                             {"INNKEEPER_PORT_8080_TCP", "yes"},
                             {"INNKEEPER_PORT_WEB_TCP_ADDR", "10.0.0.7"},
                             {"INNKEEPER_HOST", "tcp://10.0.0.7:8080"},
                             {"INNKEEPER_MYSERVICE_PORTS", "1"},
                             {"INNKEEPER_NAME", "bob"}};
  for (const auto& mistake : mistakes)
    EXPECT_NE(refusal_of({{}, {mistake}, {}}), "") << mistake.first;
}

TEST_F(ConfigTest, AnUnknownSettingThatResemblesNoneSaysWhereTheyAreListed) {
  EXPECT_NE(refusal_of_toml("QQQQQQQQ = 1").find("`innkeeper settings --markdown`"),
            std::string::npos);
}

TEST_F(ConfigTest, ATableIsNoSetting) {
  EXPECT_NE(refusal_of_toml("[session]\nage = 3\n").find(":1: unknown setting session"),
            std::string::npos);
  EXPECT_NE(refusal_of_toml("[WORKERS]\nage = 3\n").find(":1: WORKERS wants a whole number"),
            std::string::npos);
}

TEST_F(ConfigTest, BrokenTomlIsNamedWithItsLine) {
  EXPECT_EQ(
      refusal_of_toml("WORKERS = 2\nLISTEN = \"never closed\n").find(file("site.toml") + ":2: "),
      0u);
}

TEST_F(ConfigTest, AFileOfAWorkingDirectoryThatIsGoneIsNamed) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::create_directory(m_folder / "gone");
  std::filesystem::current_path(m_folder / "gone");
  std::filesystem::remove(m_folder / "gone");
  EXPECT_THROW(read_toml("WORKERS = 2\n", "site.toml"), ConfigError);
  EXPECT_NO_THROW(read_toml("WORKERS = 2\n", "/etc/site.toml"));
  std::filesystem::current_path(before);
}

TEST_F(ConfigTest, AMissingFileThatSomebodyNamedIsAnError) {
  EXPECT_EQ(refusal_of({file("absent.toml"), {}, {}}).find(file("absent.toml")), 0u);
}

TEST_F(ConfigTest, ASecretIsReadFromAFileWithoutItsLineBreak) {
  write("key", "hush hush\n");
  const Config config = load_toml("SECRET_KEY_FILE = \"key\"\n");
  EXPECT_EQ(config.secret("SECRET_KEY").reveal(), "hush hush");
}

TEST_F(ConfigTest, KnowsTheFilesThatSecretsStandIn) {
  write("key", "hush");
  using Files = std::vector<std::filesystem::path>;
  EXPECT_EQ(load_toml("SECRET_KEY_FILE = \"key\"\n").secret_files(), Files{file("key")});
  EXPECT_EQ(load_toml("SECRET_KEY = \"hush\"\nSECRET_KEY_FALLBACKS = [\"old\"]\n").secret_files(),
            Files{file("site.toml")});
  EXPECT_EQ(load_toml("WORKERS = 2\n").secret_files(), Files{});
  const std::string overridden = write("other.toml", "SECRET_KEY = \"hush\"\n");
  const Config config = Config::load({overridden, {{"INNKEEPER_SECRET_KEY", "new"}}, {}});
  EXPECT_EQ(config.secret_files(), Files{});
}

TEST_F(ConfigTest, AFileIsOpenToAllByItsModeAndThoseOfTheFoldersAboveIt) {
  using std::filesystem::perms;
  const std::string key = write("key", "hush");
  const auto mode = [](const std::filesystem::path& path, unsigned bits) {
    std::filesystem::permissions(path, static_cast<perms>(bits));
  };
  mode(key, 0644);
  mode(m_folder, 0700);
  EXPECT_FALSE(is_open_to_all(key));
  mode(m_folder, 0755);
  const bool reachable = is_open_to_all(std::filesystem::temp_directory_path());
  EXPECT_EQ(is_open_to_all(key), reachable);
  mode(key, 0640);
  EXPECT_FALSE(is_open_to_all(key));
  EXPECT_FALSE(is_open_to_all(file("absent")));
}

TEST_F(ConfigTest, ABlankAtTheEndOfAFileBelongsToItsSecret) {
  write("key", " hush \r\n");
  EXPECT_EQ(load_toml("SECRET_KEY_FILE = \"key\"\n").secret("SECRET_KEY").reveal(), " hush ");
}

TEST_F(ConfigTest, AFileThatIsTooLongForASecretIsRefusedRatherThanCut) {
  write("key", std::string((1 << 20) + 1, 'k'));
  EXPECT_NE(refusal_of_toml("SECRET_KEY_FILE = \"key\"").find("more than 1 MiB"),
            std::string::npos);
}

TEST_F(ConfigTest, AListOfSecretsHasOneALine) {
  write("keys", "one\n\ntwo\n");
  const Config config = load_toml("SECRET_KEY_FALLBACKS_FILE = \"keys\"\n");
  ASSERT_EQ(config.secrets("SECRET_KEY_FALLBACKS").size(), 2u);
  EXPECT_EQ(config.secrets("SECRET_KEY_FALLBACKS")[1].reveal(), "two");
}

TEST_F(ConfigTest, ASecretFileThatIsMissingOrEmptyIsNamed) {
  EXPECT_NE(refusal_of_toml("SECRET_KEY_FILE = \"gone\"")
                .find(file("gone") + ", but there is no such file"),
            std::string::npos);
  write("empty", "\n");
  EXPECT_NE(refusal_of_toml("SECRET_KEY_FILE = \"empty\"").find("it is empty"), std::string::npos);
}

TEST_F(ConfigTest, ASecretGivenTwiceInOnePlaceIsRefusedRatherThanGuessed) {
  write("key", "hush");
  const std::string refusal = refusal_of_toml("SECRET_KEY = \"a\"\nSECRET_KEY_FILE = \"key\"\n");
  EXPECT_NE(refusal.find("already given"), std::string::npos);
}

TEST_F(ConfigTest, ASecretOfTheEnvironmentOverridesTheFilesOne) {
  const std::string toml = write("site.toml", "SECRET_KEY = \"a\"\n");
  const Config config = Config::load({toml, {{"INNKEEPER_SECRET_KEY", "b"}}, {}});
  EXPECT_EQ(config.secret("SECRET_KEY").reveal(), "b");
}

TEST_F(ConfigTest, OnlyASecretHasAFileOfItsOwn) {
  EXPECT_NE(refusal_of_toml("WORKERS_FILE = \"w\"").find("unknown setting"), std::string::npos);
}

TEST_F(ConfigTest, TheLicenseKeyIsReadFromTheVariableThatDjangoUsersKnow) {
  const Config config = Config::load({{}, {{"MAXMIND_LICENSE_KEY", "k"}}, {}});
  EXPECT_EQ(config.secret("MAXMIND_LICENSE_KEY").reveal(), "k");
  const Config both = Config::load(
      {{}, {{"INNKEEPER_MAXMIND_LICENSE_KEY", "ours"}, {"MAXMIND_LICENSE_KEY", "theirs"}}, {}});
  EXPECT_EQ(both.secret("MAXMIND_LICENSE_KEY").reveal(), "ours");
}

}  // namespace
}  // namespace innkeeper::app
