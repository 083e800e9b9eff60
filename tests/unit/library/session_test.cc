#include <cstdint>
#include <limits>

#include <innkeeper/session.h>

#include "unit/library/temporary_book.h"

namespace innkeeper {
namespace {

template <class Value>
concept settable = requires(Session& session, Value value) {
  session.set("name", value);
};

class PublicSession : public testing::Test {
 protected:
  TemporaryFolder m_folder;
  Book m_book{options_in(m_folder.path())};
  Session m_session = m_book.open(std::nullopt);
};

TEST_F(PublicSession, IsNewAndEmptyWithoutACookie) {
  EXPECT_FALSE(m_session.exists());
  EXPECT_TRUE(m_session.empty());
  EXPECT_FALSE(m_session.modified());
  EXPECT_EQ(m_session.key(), "");
  EXPECT_EQ(m_session.id(), "");
  EXPECT_EQ(m_session.user_id(), std::nullopt);
}

TEST_F(PublicSession, GivesBackEveryKindOfValue) {
  m_session.set("name", "Zoë \U0001F600");
  m_session.set("cart", 3);
  m_session.set("price", 1.5);
  m_session.set("seen", true);
  m_session.set_json("list", "[1, {\"a\": null}]");
  EXPECT_EQ(m_session.get_text("name"), "Zoë \U0001F600");
  EXPECT_EQ(m_session.get_integer("cart"), 3);
  EXPECT_EQ(m_session.get_number("price"), 1.5);
  EXPECT_EQ(m_session.get_bool("seen"), true);
  EXPECT_EQ(m_session.get_json("list"), "[1,{\"a\":null}]");
  EXPECT_TRUE(m_session.modified());
}

TEST_F(PublicSession, KeepsTheTypesApart) {
  m_session.set("one", 1);
  m_session.set("true", true);
  m_session.set("literal", "1");
  EXPECT_EQ(m_session.get_bool("one"), std::nullopt);
  EXPECT_EQ(m_session.get_integer("true"), std::nullopt);
  EXPECT_EQ(m_session.get_integer("literal"), std::nullopt);
  EXPECT_EQ(m_session.get_text("one"), std::nullopt);
  EXPECT_EQ(m_session.get_number("one"), 1.0);  // an integer is a number
}

// A text literal converts to bool more readily than to std::string_view.
TEST_F(PublicSession, StoresALiteralAsATextNotAsTrue) {
  m_session.set("word", "yes");
  EXPECT_EQ(m_session.get_json("word"), "\"yes\"");
}

TEST_F(PublicSession, KeepsEveryIntegerAndTakesNoPointerForTrue) {
  m_session.set("large", std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(m_session.get_json("large"), "18446744073709551615");
  m_session.set("least", std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(m_session.get_integer("least"), std::numeric_limits<std::int64_t>::min());
  m_session.set("name", u8"Zoë");
  EXPECT_EQ(m_session.get_text("name"), "Zo\xc3\xab");
  static_assert(settable<int> && settable<bool> && settable<const char*>);
  static_assert(!settable<int*> && !settable<char>);
}

TEST_F(PublicSession, RefusesWhatIsNoJsonWithoutQuotingIt) {
  try {
    m_session.set_json("card", "{number: 4111}");
    FAIL() << "that was no JSON";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find("4111"), std::string::npos);
  }
  EXPECT_TRUE(m_session.empty());
}

TEST_F(PublicSession, ForgetsWhatIsRemoved) {
  m_session.set("a", 1);
  m_session.set("b", 2);
  m_session.remove("a");
  EXPECT_EQ(m_session.get_integer("a"), std::nullopt);
  EXPECT_EQ(m_session.get_integer("b"), 2);
  m_session.clear();
  EXPECT_TRUE(m_session.empty());
}

TEST_F(PublicSession, DecidesHowLongItsCookieLives) {
  EXPECT_EQ(m_book.cookie_age(m_session), std::chrono::seconds(1209600));
  m_session.set_expiry(60);
  EXPECT_EQ(m_book.cookie_age(m_session), std::chrono::seconds(60));
  m_session.set_expiry(0);
  EXPECT_EQ(m_book.cookie_age(m_session), std::nullopt);
}

}  // namespace
}  // namespace innkeeper
