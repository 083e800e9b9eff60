#include "user/user_check.h"

#include <gtest/gtest.h>

namespace innkeeper::user {
namespace {

std::string fault(const std::string& username, const std::string& email = "") {
  User user;
  user.username = username;
  user.email = email;
  return fault_of(user).value_or("");
}

TEST(NewUser, MayBeCalledWhatDjangoTakes) {
  for (const char* name : {"ada", "ada@example.org", "Zoë", "山田 太郎", "a b"}) {
    EXPECT_EQ(fault(name), "") << name;
  }
  EXPECT_EQ(fault(std::string(150, 'a'), std::string(254, 'b')), "");
  std::string wide;
  for (int i = 0; i < 150; ++i) wide += "ë";
  EXPECT_EQ(fault(wide), "") << "characters, not bytes";
}

TEST(NewUser, IsRefusedByWhatIsWrong) {
  EXPECT_EQ(fault(""), "the username is empty");
  EXPECT_EQ(fault(std::string(151, 'a')), "the username has more than 150 characters");
  EXPECT_EQ(fault("ada", std::string(255, 'a')), "the e-mail address has more than 254 characters");
  for (const char* text : {" ada", "ada ", "\u00a0ada", "ada\u3000"}) {
    EXPECT_EQ(fault(text), "the username begins or ends with a blank") << text;
    EXPECT_EQ(fault("ada", text), "the e-mail address begins or ends with a blank") << text;
  }
  for (const std::string& text :
       {std::string("a\nb"), std::string("a\0b", 3), std::string("\x7f"), std::string("a\u0085")}) {
    EXPECT_EQ(fault(text), "the username has a control character");
  }
  EXPECT_EQ(fault("a\xff"), "the username is no UTF-8");
  EXPECT_EQ(fault("a\xed\xa0\x80"), "the username is no UTF-8") << "a lone surrogate";
}

}  // namespace
}  // namespace innkeeper::user
