#include "codec/zlib_stream.h"

#include <random>
#include <string>

#include <gtest/gtest.h>
#include <zlib.h>

namespace innkeeper::codec {
namespace {

// What Python's zlib.compress makes of it.
std::string by_python(const std::string& content) {
  uLongf size = ::compressBound(static_cast<uLong>(content.size()));
  std::string compressed(size, '\0');
  EXPECT_EQ(::compress(reinterpret_cast<Bytef*>(compressed.data()), &size,
                       reinterpret_cast<const Bytef*>(content.data()),
                       static_cast<uLong>(content.size())),
            Z_OK);
  compressed.resize(size);
  return compressed;
}

std::string words(std::size_t size, std::mt19937& random) {
  std::string text;
  while (text.size() < size) text += "\"item " + std::to_string(random() % 1000) + "\": true, ";
  return text.substr(0, size);
}

std::string bytes(std::size_t size, std::mt19937& random) {
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random() % 256);
  return text;
}

// Two streams are kept, one for short contents: each in turn, so that neither is left as the other
// needs it.
TEST(ZlibStream, HasPythonsBytesWhateverTheLength) {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 1100; ++size) {
    for (const std::string& content :
         {words(size, random), bytes(size, random), words(3 * size, random)})
      ASSERT_EQ(deflate_below(content, content.size() + 100), by_python(content)) << content.size();
  }
}

// More places that look alike than zlib goes through: in a smaller table others stand between them.
TEST(ZlibStream, InflatesToWhatWasDeflatedWhereManyPlacesLookAlike) {
  std::mt19937 random(2);
  for (int round = 0; round < 200; ++round) {
    const std::string same = bytes(3 + random() % 6, random);
    std::string content;
    while (content.size() < 1000) content += same + static_cast<char>(random() % 256);
    content.resize(1000);
    const auto compressed = deflate_below(content, content.size());
    ASSERT_TRUE(compressed);
    EXPECT_EQ(inflate_bounded(*compressed, content.size()), content);
    EXPECT_LE(compressed->size(), by_python(content).size() * 101 / 100);
  }
}

TEST(ZlibStream, GivesUpWhereTheResultWouldNotBeShorter) {
  std::mt19937 random(3);
  const std::string noise = bytes(300, random);
  EXPECT_EQ(deflate_below(noise, noise.size()), std::nullopt);
  const std::string text = words(300, random);
  const std::size_t size = deflate_below(text, text.size())->size();
  EXPECT_EQ(deflate_below(text, size), std::nullopt);
  EXPECT_NE(deflate_below(text, size + 1), std::nullopt);
}

}  // namespace
}  // namespace innkeeper::codec
