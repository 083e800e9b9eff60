#include "user/password.h"

#include <ctime>
#include <set>

#include <gtest/gtest.h>

#include "unit/user/vectors.h"
#include "user/password_format.h"

namespace innkeeper::user {
namespace {

const PasswordPolicy cheap{1000};

class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) byte = m_next++;
  }

 private:
  std::uint8_t m_next = 0;
};

PasswordCheck check(const std::string& password, const std::string& encoded,
                    const PasswordPolicy& policy = cheap) {
  return check_password(Secret(password), Secret(encoded), policy);
}

// Processor time of this thread, which other programs on the machine do not lengthen.
double seconds_of(const auto& action) {
  const auto now = [] {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  const double begin = now();
  action();
  return now() - begin;
}

TEST(Passwords, MatchWhatDjangoHashed) {
  const auto vectors = read_vectors("passwords.json", "passwords");
  std::set<std::string> algorithms;
  for (const Fields& vector : vectors) {
    const std::string password = text_in(vector, "password"), encoded = text_in(vector, "encoded");
    SCOPED_TRACE(text_in(vector, "case"));
    EXPECT_NE(check(password, encoded), PasswordCheck::differs);
    algorithms.insert(encoded.substr(0, encoded.find('$')));
  }
  EXPECT_EQ(algorithms.size(), 6u);
}

TEST(Passwords, DifferWhereOneCharacterDoes) {
  for (const Fields& vector : read_vectors("passwords.json", "passwords")) {
    if (text_in(vector, "cost") != "low") continue;
    SCOPED_TRACE(text_in(vector, "case"));
    const std::string password = text_in(vector, "password"), encoded = text_in(vector, "encoded");
    EXPECT_EQ(check(password + "x", encoded), PasswordCheck::differs);
    if (!password.empty()) {
      EXPECT_EQ(check(password.substr(1), encoded), PasswordCheck::differs);
    }
  }
}

TEST(Passwords, DifferWhereTheHashWasChanged) {
  for (const Fields& vector : read_vectors("passwords.json", "passwords")) {
    if (text_in(vector, "cost") != "low") continue;
    SCOPED_TRACE(text_in(vector, "case"));
    std::string encoded = text_in(vector, "encoded");
    char& character = encoded[encoded.size() - 8];
    character = character == 'A' ? 'B' : 'A';
    EXPECT_EQ(check(text_in(vector, "password"), encoded), PasswordCheck::differs);
  }
}

TEST(Passwords, NeverMatchAnUnusableHash) {
  EXPECT_EQ(check("", "!"), PasswordCheck::differs);
  EXPECT_EQ(check("x", "!x"), PasswordCheck::differs);
  EXPECT_EQ(check("", ""), PasswordCheck::differs);
}

TEST(Passwords, DifferFromBrokenHashes) {
  const std::vector<std::string> broken = {"pbkdf2_sha256",
                                           "pbkdf2_sha256$",
                                           "pbkdf2_sha256$1000$salt",
                                           "pbkdf2_sha256$1000$salt$",
                                           "pbkdf2_sha256$1000$$F+nI",
                                           "pbkdf2_sha256$x$salt$F+nI",
                                           "pbkdf2_sha256$-1$salt$F+nI",
                                           "pbkdf2_sha256$0$salt$F+nI",
                                           "pbkdf2_sha256$1000$salt$a$b",
                                           "md5$salt$0123",
                                           "sha1$$0123",
                                           "argon2$argon2id$v=19$m=64,t=2$c2FsdHNhbHQ$eD5C",
                                           "argon2$argon2id$v=19$m=64,t=2,p=8",
                                           "argon2$argon2i$v=19$m=64,t=2,p=8$c2FsdHNhbHQ$eD5C",
                                           "argon2$argon2id$v=19$m=,t=,p=$a$b",
                                           "argon2$argon2id$v=19$m=64,t=2,p=8$$",
                                           "bcrypt$",
                                           "bcrypt$$2b$04$short",
                                           "bcrypt$*0" + std::string(58, 'x'),
                                           "bcrypt$$2b$xx$" + std::string(53, 'x'),
                                           "bcrypt_sha256$$1$04$" + std::string(53, 'x'),
                                           "scrypt$16$salt$8$1",
                                           "scrypt$15$salt$8$1$x",
                                           "scrypt$16$$8$1$x",
                                           "scrypt$16$salt$0$1$x",
                                           std::string("pbkdf2_sha256\0$1$s$h", 20)};
  for (const std::string& encoded : broken) {
    EXPECT_EQ(check("password", encoded), PasswordCheck::differs) << encoded;
    EXPECT_EQ(check("", encoded), PasswordCheck::differs) << encoded;
  }
}

// Each would take minutes or all memory if it were believed.
TEST(Passwords, DifferFromHashesThatAskTooMuch) {
  const std::vector<std::string> greedy = {
      "pbkdf2_sha256$2147483647$salt$F+nI",
      "pbkdf2_sha256$99999999999999999999$salt$F+nI",
      "pbkdf2_sha1$2147483647$salt$F+nI",
      "argon2$argon2id$v=19$m=4194304,t=2,p=8$c2FsdHNhbHQ$eD5CJyISaYTOWz9FvsDcGa2f+8RpMZcA4mb8/"
      "kl0op8",
      "argon2$argon2id$v=19$m=102400,t=4294967295,p=8$c2FsdHNhbHQ$eD5CJyISaYTOWz9FvsDcGa2f+"
      "8RpMZcA4mb8/kl0op8",
      "argon2$argon2id$v=19$m=4194303,t=1,p=16777215$c2FsdHNhbHQ$eD5CJyISaYTOWz9FvsDcGa2f+"
      "8RpMZcA4mb8/kl0op8",
      "bcrypt$$2b$31$sOazTCuHvJnv5b7KD.8fme.kvvYbajuP6mDqJh5vWcpNC2bhpNLln",
      "bcrypt_sha256$$2b$31$sOazTCuHvJnv5b7KD.8fme.kvvYbajuP6mDqJh5vWcpNC2bhpNLln",
      "scrypt$1073741824$salt$8$1$x",
      "scrypt$16384$salt$8$1000000$x",
      "scrypt$524288$salt$8$1000$x",
      "scrypt$18446744073709551615$salt$8$1$x"};
  for (const std::string& encoded : greedy) {
    EXPECT_EQ(check("password", encoded), PasswordCheck::differs) << encoded;
  }
}

TEST(Passwords, CostTheSameWhetherTheHashIsRealOrNot) {
  const PasswordPolicy policy{100000};
  CountingRandom random;
  const std::string real(hash_password(Secret("password"), policy, random).reveal());
  const double real_cost = seconds_of([&] { check("wrong", real, policy); });
  for (const std::string encoded : {"!unusable", "", "unknown$x", "pbkdf2_sha256$1$salt$short",
                                    "pbkdf2_sha256$2147483647$salt$hash", "bcrypt$broken"}) {
    const double cost = seconds_of([&] { check("wrong", encoded, policy); });
    EXPECT_GT(cost, real_cost / 3) << encoded;
    EXPECT_LT(cost, real_cost * 3) << encoded;
  }
  EXPECT_GT(seconds_of([&] { spend_password_time(Secret("wrong"), policy); }), real_cost / 3);
}

TEST(Passwords, AreHashedAsDjangoDoes) {
  CountingRandom random;
  const std::string encoded(hash_password(Secret("password"), cheap, random).reveal());
  const auto parsed = parse_pbkdf2(std::string_view(encoded).substr(encoded.find('$') + 1));
  EXPECT_EQ(encoded.substr(0, 14), "pbkdf2_sha256$");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->iterations, 1000);
  EXPECT_EQ(parsed->salt.size(), 22u);
  EXPECT_EQ(parsed->hash.size(), 44u);
  EXPECT_EQ(check("password", encoded), PasswordCheck::matches);
}

// The bound of verification itself: a hash beyond it would lock its user out.
TEST(Passwords, MatchAtTheBoundOfWhatIsVerified) {
  EXPECT_TRUE(parse_pbkdf2("10000000$salt$hash"));
  EXPECT_FALSE(parse_pbkdf2("10000001$salt$hash"));
  CountingRandom random;
  for (const int iterations : {1, 999, 50000}) {
    const PasswordPolicy policy{iterations};
    const std::string encoded(hash_password(Secret("password"), policy, random).reveal());
    EXPECT_EQ(check("password", encoded, policy), PasswordCheck::matches) << iterations;
  }
}

TEST(Passwords, HaveAFreshSaltEach) {
  CountingRandom random;
  const Secret first = hash_password(Secret("password"), cheap, random);
  const Secret second = hash_password(Secret("password"), cheap, random);
  EXPECT_NE(first.reveal(), second.reveal());
}

TEST(Passwords, AskForANewHashWhereTheOldOneIsWeaker) {
  CountingRandom random;
  const std::string encoded(hash_password(Secret("p"), cheap, random).reveal());
  EXPECT_EQ(check("p", encoded, {1001}), PasswordCheck::matches_rehash);
  EXPECT_EQ(check("p", encoded, {999}), PasswordCheck::matches);  // stronger than asked: left alone
  EXPECT_EQ(check("x", "pbkdf2_sha256$1$salt$mf2Nwi7lNl0wGAk8dwMtXJCbBfOomtPiYJ5w6XcnX4Q="),
            PasswordCheck::differs);
}

TEST(Passwords, AskForANewHashWhereTheSaltIsShort) {
  const Secret derived = pbkdf2_sha256(Secret("p"), "salt", 1000);
  EXPECT_EQ(derived.size(), 32u);
  for (const Fields& vector : read_vectors("passwords.json", "passwords")) {
    if (text_in(vector, "case") != "pbkdf2_sha256, one iteration") continue;
    EXPECT_EQ(check("x", text_in(vector, "encoded"), {1}), PasswordCheck::matches_rehash);
  }
}

TEST(Passwords, AskForANewHashWhereTheAlgorithmIsAnotherOnlyIfThePolicySaysSo) {
  const PasswordPolicy strict{1000, true};
  for (const Fields& vector : read_vectors("passwords.json", "passwords")) {
    const std::string encoded = text_in(vector, "encoded"), password = text_in(vector, "password");
    if (encoded.starts_with("pbkdf2_sha256") || text_in(vector, "cost") != "low") continue;
    SCOPED_TRACE(encoded);
    EXPECT_EQ(check(password, encoded, strict), PasswordCheck::matches_rehash);
    EXPECT_EQ(check(password, encoded), PasswordCheck::matches);
  }
}

TEST(Passwords, NoneMatchesADecoyThoughItIsAsMuchWork) {
  for (const Fields& vector : read_vectors("passwords.json", "passwords")) {
    if (text_in(vector, "cost") != "low") continue;
    SCOPED_TRACE(text_in(vector, "case"));
    const Secret password(text_in(vector, "password")), encoded(text_in(vector, "encoded"));
    const Secret decoy = decoy_of(encoded);
    EXPECT_EQ(decoy.size(), encoded.size());
    // A value, not nothing: it was computed.
    EXPECT_EQ(matches_hash(password, decoy.reveal()), std::optional(false));
  }
  EXPECT_EQ(decoy_of(Secret("!")).reveal(), "!");
}

// bcrypt stops at a NUL: "nul\0other" would match the hash of "nul".
TEST(Passwords, DoNotMatchBcryptByWhatStandsBeforeANul) {
  for (const Fields& vector : read_vectors("passwords.json", "passwords")) {
    const std::string encoded = text_in(vector, "encoded");
    if (!encoded.starts_with("bcrypt$") || text_in(vector, "cost") != "low") continue;
    const std::string longer = text_in(vector, "password") + std::string("\0tail", 5);
    EXPECT_EQ(check(longer, encoded), PasswordCheck::differs);
  }
}

}  // namespace
}  // namespace innkeeper::user
