#include "codec/json_verbatim.h"

#include <string>

#include <gtest/gtest.h>

namespace innkeeper::codec {
namespace {

// Bytes are looked at in eights: each of the 256 at each place, before and after others of its
// kind.
TEST(VerbatimRun, EndsAtTheFirstByteThatIsAnother) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, 'x');
      text[at] = c;
      EXPECT_EQ(verbatim_run(text), is_verbatim(c) ? text.size() : at) << byte << " at " << at;
      text.replace(at, 1, std::string(20, c));
      EXPECT_EQ(verbatim_run(text), is_verbatim(c) ? text.size() : at) << byte << " from " << at;
    }
  }
}

TEST(VerbatimRun, LooksAtNothingBehindTheText) {
  const std::string text = "seven..\"and more";
  for (std::size_t size = 0; size <= 7; ++size)
    EXPECT_EQ(verbatim_run(std::string_view(text).substr(0, size)), size);
  EXPECT_EQ(verbatim_run({}), 0u);
}

TEST(IsVerbatim, IsWhatPythonWritesAsItIs) {
  std::size_t count = 0;
  for (int byte = 0; byte < 256; ++byte) count += is_verbatim(static_cast<char>(byte)) ? 1 : 0;
  EXPECT_EQ(count, 0x7f - 0x20 - 2u);
  for (const char other : {'"', '\\', '\x7f', '\x1f', '\n', '\0', '\x80', '\xff'})
    EXPECT_FALSE(is_verbatim(other)) << static_cast<int>(other);
}

}  // namespace
}  // namespace innkeeper::codec
