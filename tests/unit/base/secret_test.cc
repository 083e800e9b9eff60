#include "base/secret.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <type_traits>

#include <gtest/gtest.h>

#include "base/error.h"

namespace innkeeper {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, T value) {
  out << value;
};

TEST(Secret, CannotBePrintedOrConverted) {
  static_assert(!Printable<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string_view>);
  static_assert(!std::is_convertible_v<std::string, Secret>);
}

TEST(Secret, IsEmptyAfterItWasMoved) {
  Secret first(std::string("a long enough secret to live on the heap"));
  const Secret second = std::move(first);
  EXPECT_EQ(second.reveal(), "a long enough secret to live on the heap");
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is the promise
}

std::filesystem::path write_file(const std::string& name, const std::string& text) {
  const auto file = std::filesystem::path(testing::TempDir()) / name;
  std::ofstream(file) << text;
  return file;
}

TEST(ReadSecret, DropsTheLineBreakThatAnEditorLeaves) {
  EXPECT_EQ(read_secret(write_file("secret_line.txt", "two words\r\n\n")).reveal(), "two words");
}

TEST(ReadSecret, NamesTheFileThatIsMissing) {
  try {
    read_secret("no-such-secret.txt");
    FAIL() << "a missing file gave a secret";
  } catch (const FileError& error) {
    EXPECT_NE(std::string(error.what()).find("no-such-secret.txt"), std::string::npos);
  }
}

TEST(ReadSecret, TakesNoEmptyFile) {
  EXPECT_THROW(read_secret(write_file("secret_empty.txt", "\n")), FileError);
}

TEST(ReadSecret, DoesNotQuoteAFileThatIsTooLong) {
  try {
    read_secret(write_file("secret_long.txt", std::string(70000, 'x')));
    FAIL() << "64 KiB is the limit";
  } catch (const FileError& error) {
    EXPECT_EQ(std::string(error.what()).find("xxx"), std::string::npos);
  }
}

TEST(EqualInConstantTime, ComparesTexts) {
  EXPECT_TRUE(equal_in_constant_time("same", "same"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_FALSE(equal_in_constant_time("same", "sane"));
  EXPECT_FALSE(equal_in_constant_time("same", "same "));
}

}  // namespace
}  // namespace innkeeper
