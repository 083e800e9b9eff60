#include "location/database.h"

#include <algorithm>
#include <chrono>

#include "base/error.h"
#include "base/regular_file.h"
#include "location/data_reader.h"
#include "location/record.h"

namespace innkeeper::location {

namespace {

bool mentions(std::string text, std::string_view word) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text.find(word) != std::string::npos;
}

}  // namespace

std::shared_ptr<const Database> Database::open(const std::filesystem::path& path,
                                               std::uint64_t paged_from) {
  struct stat status {};
  FileHandle file = open_regular(path, status);
  const FileStamp stamp = stamp_of(status);
  const bool paged = stamp.size >= paged_from;
  return std::shared_ptr<const Database>(new Database(path, std::move(file), stamp, paged));
}

Database::Database(std::filesystem::path path, FileHandle file, const FileStamp& stamp, bool paged)
    : m_path(std::move(path)),
      m_stamp(stamp),
      m_paged(paged),
      m_metadata(read_metadata(file.get(), stamp.size, m_path.string())),
      m_file(std::move(file), stamp, m_path.string()),
      m_tree(m_file, m_metadata) {
  if (!paged) m_file.fetch_all(m_path.string());
}

Database::Answer Database::find(const IpAddress& address, std::string_view language,
                                Location& place) const {
  const Leaf leaf = m_tree.find(address);
  const bool is_record = leaf.kind == Leaf::Kind::record;
  if (is_record && m_remembered.find(leaf.at, language, place)) return Answer::place;
  const Answer answer = read(leaf, language, place);
  if (answer == Answer::place) m_remembered.offer(leaf.at, language, place);
  return answer;
}

Database::Answer Database::read(const Leaf& leaf, std::string_view language,
                                Location& place) const {
  if (leaf.kind == Leaf::Kind::nothing) return Answer::nothing;
  DataReader reader(m_file, m_tree.data_begin());
  if (leaf.kind == Leaf::Kind::damaged || !read_record(reader, leaf.at, language, place)) {
    place = {};
    return Answer::damaged;
  }
  return says_something(place) ? Answer::place : Answer::nothing;
}

// Reads all of the record, also what a look-up leaves out. Throws where it is damaged.
bool Database::tells_place(const Leaf& leaf) const {
  Location place;
  DataReader reader(m_file, m_tree.data_begin());
  std::size_t at = leaf.at;
  Value record;
  if (leaf.kind == Leaf::Kind::nothing) return false;
  const bool sound =
      leaf.kind == Leaf::Kind::record && reader.read(at, record) && reader.check(record);
  const Answer answer = sound ? read(leaf, "en", place) : Answer::damaged;
  if (answer == Answer::damaged)
    throw FileError(m_path.string() + ": has damaged records; fetch it again");
  return answer == Answer::place;
}

void Database::check_records() const {
  constexpr std::uint32_t samples = 4096;
  const std::uint32_t nodes = m_tree.node_count();
  const std::uint32_t step = std::max(nodes / samples, 1u);
  bool tells = false;
  for (std::uint64_t number = 0; number < nodes; number += step) {
    for (const Leaf& leaf : m_tree.leaves(static_cast<std::uint32_t>(number)))
      tells = tells_place(leaf) || tells;
  }
  if (!tells)
    throw FileError(m_path.string() + ": tells no places; a City or Country file is needed");
}

int Database::rank() const {
  const std::string name = m_metadata.database_type + ' ' + m_path.filename().string();
  if (mentions(name, "city") || mentions(name, "enterprise")) return 0;
  return mentions(name, "country") ? 2 : 1;
}

std::string Database::describe() const {
  using namespace std::chrono;
  // Beyond the year 9999 nobody meant the date.
  constexpr std::uint64_t last_second = 253402300799;
  const auto epoch = sys_seconds(
      seconds(static_cast<std::int64_t>(std::min(m_metadata.build_epoch, last_second))));
  const year_month_day date(floor<days>(epoch));
  char built[16];
  std::snprintf(built, sizeof built, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return m_path.string() + ": " + m_metadata.database_type + ", built " + built;
}

}  // namespace innkeeper::location
