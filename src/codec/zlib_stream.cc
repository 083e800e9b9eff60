#include "codec/zlib_stream.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <new>

#include <libdeflate.h>
#include <zlib.h>

namespace innkeeper::codec {

namespace {

constexpr int django_level = 6;
constexpr std::size_t most_at_once = std::numeric_limits<uInt>::max();

// zlib takes no const input, but leaves it as it is.
Bytef* input_of(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

// One for each thread: setting one up costs more than a session's few hundred bytes.
libdeflate_decompressor& decompressor_of_this_thread() {
  struct Free {
    void operator()(libdeflate_decompressor* owned) const { ::libdeflate_free_decompressor(owned); }
  };
  thread_local const std::unique_ptr<libdeflate_decompressor, Free> owner(
      ::libdeflate_alloc_decompressor());
  if (!owner) throw std::bad_alloc();
  return *owner;
}

// Room for most sessions' content without asking the allocator.
constexpr std::size_t first_room = 4096;
constexpr std::size_t more_room = 8;  // times

struct Inflated {
  libdeflate_result result;
  std::size_t size;
};

Inflated inflate_into(std::string_view compressed, char* room, std::size_t size) {
  std::size_t read = 0;  // asked for, so that bytes behind the stream's end are no error
  std::size_t written = 0;
  const libdeflate_result result =
      ::libdeflate_zlib_decompress_ex(&decompressor_of_this_thread(), compressed.data(),
                                      compressed.size(), room, size, &read, &written);
  return {result, written};
}

// zlib clears its table of places before each stream: 64 KiB as Python has it, 4 KiB with this
// memory. Its buffer holds 1,023 symbols then: no shorter content ends a block where Python's would
// not.
constexpr std::size_t short_content = 1000;
constexpr int short_memory = 4;
constexpr int python_memory = 8;

// A stream that one thread uses again and again.
class Deflater {
 public:
  explicit Deflater(int memory) {
    const int made =
        ::deflateInit2(&m_stream, django_level, Z_DEFLATED, MAX_WBITS, memory, Z_DEFAULT_STRATEGY);
    if (made != Z_OK) throw std::bad_alloc();
  }
  ~Deflater() { ::deflateEnd(&m_stream); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  z_stream& begin() {
    ::deflateReset(&m_stream);
    return m_stream;
  }

 private:
  z_stream m_stream{};
};

z_stream& begun_stream_of_this_thread(std::size_t content) {
  if (content <= short_content) {
    thread_local Deflater for_short(short_memory);
    return for_short.begin();
  }
  thread_local Deflater for_any(python_memory);
  return for_any.begin();
}

}  // namespace

// How much a stream holds is known only when it is out: where the room is too small, a larger one
// is filled from the start, at most `limit` and a seventh in all.
Result<std::string, InflateError> inflate_bounded(std::string_view compressed, std::size_t limit) {
  std::array<char, first_room> block;
  std::string content;
  Inflated inflated = inflate_into(compressed, block.data(), std::min(limit, block.size()));
  if (inflated.result == LIBDEFLATE_SUCCESS) return std::string(block.data(), inflated.size);
  for (std::size_t room = first_room;
       inflated.result == LIBDEFLATE_INSUFFICIENT_SPACE && room < limit;) {
    room = limit / more_room < room ? limit : room * more_room;
    content.resize(room);
    inflated = inflate_into(compressed, content.data(), room);
  }
  if (inflated.result == LIBDEFLATE_INSUFFICIENT_SPACE) return failure(InflateError::too_large);
  if (inflated.result != LIBDEFLATE_SUCCESS) return failure(InflateError::broken);
  content.resize(inflated.size);
  return content;
}

// zlib stops by itself where the room ends, so that a content that does not shrink is not worked on
// to its end.
std::optional<std::string> deflate_below(std::string_view content, std::size_t limit) {
  if (limit == 0 || content.size() > most_at_once) return std::nullopt;
  z_stream& stream = begun_stream_of_this_thread(content.size());
  std::string compressed(std::min(limit - 1, most_at_once), '\0');
  stream.next_in = input_of(content);
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  if (::deflate(&stream, Z_FINISH) != Z_STREAM_END) return std::nullopt;
  compressed.resize(compressed.size() - stream.avail_out);
  return compressed;
}

}  // namespace innkeeper::codec
