#include "user/auth_hash.h"

#include <gtest/gtest.h>

#include "unit/user/vectors.h"

namespace innkeeper::user {
namespace {

const Secret column("pbkdf2_sha256$1000000$salt$hash=");

TEST(AuthHasher, MakesWhatDjangoMakes) {
  const auto vectors = read_vectors("auth_hashes.json", "auth_hashes");
  ASSERT_EQ(vectors.size(), 4u);
  for (const Fields& vector : vectors) {
    const AuthHasher hasher(Secret(text_in(vector, "key")), {});
    EXPECT_EQ(hasher.hash(Secret(text_in(vector, "password"))), text_in(vector, "hash"));
  }
}

TEST(AuthHasher, TellsTheCurrentKeyFromAFallback) {
  const AuthHasher rotated(Secret("new"), {Secret("older"), Secret("old")});
  const std::string by_old = AuthHasher(Secret("old"), {}).hash(column);
  EXPECT_EQ(rotated.check(rotated.hash(column), column), AuthHashCheck::matches);
  EXPECT_EQ(rotated.check(by_old, column), AuthHashCheck::matches_fallback);
}

TEST(AuthHasher, EndsTheSessionsOfAChangedPassword) {
  const AuthHasher hasher(Secret("key"), {});
  EXPECT_EQ(hasher.check(hasher.hash(Secret("before")), Secret("after")), AuthHashCheck::differs);
}

TEST(AuthHasher, RefusesWhatIsNoHash) {
  const AuthHasher hasher(Secret("key"), {Secret("old")});
  const std::string hash = hasher.hash(column);
  EXPECT_EQ(hasher.check("", column), AuthHashCheck::differs);
  EXPECT_EQ(hasher.check(hash.substr(0, 63), column), AuthHashCheck::differs);
  EXPECT_EQ(hasher.check(hash + "0", column), AuthHashCheck::differs);
}

}  // namespace
}  // namespace innkeeper::user
