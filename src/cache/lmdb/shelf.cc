#include "cache/lmdb/shelf.h"

#include <array>
#include <cstring>
#include <memory>
#include <string>

#include <lmdb.h>

#include "base/big_endian.h"
#include "cache/lmdb/environment.h"

namespace innkeeper::cache::lmdb {

namespace {

constexpr MDB_dbi main_tree =
    1;  // what mdb_dbi_open gives for the unnamed tree: the same in every environment
constexpr char order_range = 1;
constexpr char entry_range = 2;
constexpr std::size_t time_size = 8;
constexpr std::size_t value_at = 2 * time_size;

void put_time(Time time, char* to) {
  const auto number = static_cast<std::uint64_t>(time.time_since_epoch().count());
  put_big_endian<time_size>(number, to);
}

Time get_time(const char* from) {
  const std::uint64_t number = get_big_endian<time_size>(from);
  return Time(Duration(static_cast<Duration::rep>(number)));
}

// A key of either range, on the stack. Both ranges' keys are LMDB's to 511 bytes.
class TreeKey {
 public:
  static TreeKey of_entry(std::string_view key) {
    TreeKey made;
    made.append(entry_range, key);
    return made;
  }
  static TreeKey of_order(Time filed, std::string_view key) {
    TreeKey made;
    put_time(filed, &made.m_bytes[1]);
    made.m_size = time_size;
    made.append(order_range, key);
    return made;
  }
  MDB_val value() { return {m_size, m_bytes.data()}; }

 private:
  void append(char range, std::string_view key) {
    m_bytes[0] = range;
    ++m_size;
    std::memcpy(m_bytes.data() + m_size, key.data(), key.size());
    m_size += key.size();
  }
  std::array<char, 1 + time_size + longest_key> m_bytes;
  std::size_t m_size = 0;
};

std::string_view text_of(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

void remove_if_there(MDB_txn* transaction, TreeKey key) {
  MDB_val tree_key = key.value();
  const int code = mdb_del(transaction, main_tree, &tree_key, nullptr);
  if (code != MDB_NOTFOUND) check(code);
}

struct Due {
  std::string_view name() const { return {key.data(), key_size}; }
  Time filed;
  std::array<char, longest_key> key;
  std::size_t key_size;
};

// What is filed first: a copy, for removing it moves what the cursor sees.
std::optional<Due> first_due(MDB_cursor* cursor) {
  MDB_val tree_key, nothing;
  const int code = mdb_cursor_get(cursor, &tree_key, &nothing, MDB_FIRST);
  if (code == MDB_NOTFOUND) return std::nullopt;
  check(code);
  const std::string_view text = text_of(tree_key);
  if (text.empty()) throw LmdbFailure{MDB_CORRUPTED};
  if (text[0] != order_range) return std::nullopt;
  if (text.size() <= 1 + time_size || text.size() > 1 + time_size + longest_key) {
    throw LmdbFailure{MDB_CORRUPTED};
  }
  Due due{get_time(&text[1]), {}, text.size() - 1 - time_size};
  std::memcpy(due.key.data(), &text[1 + time_size], due.key_size);
  return due;
}

void file_under(MDB_txn* transaction, std::string_view key, Time time) {
  TreeKey order_key = TreeKey::of_order(time, key);
  MDB_val order = order_key.value(), nothing{0, nullptr};
  check(mdb_put(transaction, main_tree, &order, &nothing, 0));
}

// Whether the entry expires later than it is filed: then it is put in its place.
bool file_anew(MDB_txn* transaction, const Due& due) {
  const auto entry = find(transaction, due.name());
  if (!entry || entry->filed != due.filed || entry->expires <= due.filed) return false;
  const std::string value(entry->value);
  const Time expires = entry->expires;
  erase(transaction, due.name(), due.filed);
  put(transaction, due.name(), value, expires, std::nullopt);
  return true;
}

}  // namespace

std::optional<Shelved> find(MDB_txn* transaction, std::string_view key) {
  TreeKey tree_key = TreeKey::of_entry(key);
  MDB_val wanted = tree_key.value(), found;
  const int code = mdb_get(transaction, main_tree, &wanted, &found);
  if (code == MDB_NOTFOUND) return std::nullopt;
  check(code);
  const std::string_view text = text_of(found);
  if (text.size() < value_at) throw LmdbFailure{MDB_CORRUPTED};
  return Shelved{get_time(text.data()), get_time(&text[time_size]), text.substr(value_at)};
}

void put(MDB_txn* transaction, std::string_view key, std::string_view value, Time expires,
         std::optional<Time> filed) {
  const bool stays = filed && *filed <= expires;
  if (filed && !stays) remove_if_there(transaction, TreeKey::of_order(*filed, key));
  TreeKey entry_key = TreeKey::of_entry(key);
  MDB_val tree_key = entry_key.value(), room{value_at + value.size(), nullptr};
  check(mdb_put(transaction, main_tree, &tree_key, &room, MDB_RESERVE));
  char* const bytes = static_cast<char*>(room.mv_data);
  put_time(expires, bytes);
  put_time(stays ? *filed : expires, bytes + time_size);
  if (!value.empty()) std::memcpy(bytes + value_at, value.data(), value.size());
  if (!stays) file_under(transaction, key, expires);
}

void erase(MDB_txn* transaction, std::string_view key, Time filed) {
  remove_if_there(transaction, TreeKey::of_order(filed, key));
  remove_if_there(transaction, TreeKey::of_entry(key));
}

std::size_t evict(MDB_txn* transaction, std::size_t count, Time limit) {
  MDB_cursor* opened = nullptr;
  check(mdb_cursor_open(transaction, main_tree, &opened));
  const std::unique_ptr<MDB_cursor, decltype(&mdb_cursor_close)> cursor(opened, mdb_cursor_close);
  std::size_t evicted = 0;
  // Filing anew is work, too: it is bounded as evicting is.
  for (std::size_t steps = 0; steps < 4 * count && evicted < count; ++steps) {
    const auto due = first_due(cursor.get());
    if (!due || due->filed >= limit) break;
    if (file_anew(transaction, *due)) continue;
    erase(transaction, due->name(), due->filed);
    ++evicted;
  }
  return evicted;
}

std::uint64_t pages_in_use(MDB_txn* transaction) {
  MDB_stat stat;
  check(mdb_stat(transaction, main_tree, &stat));
  return stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
}

std::size_t count_entries(MDB_txn* transaction) {
  MDB_stat stat;
  check(mdb_stat(transaction, main_tree, &stat));
  return stat.ms_entries / 2;
}

}  // namespace innkeeper::cache::lmdb
