// Entries inside one LMDB transaction: how they are laid out, found, stored and evicted.
//
// One B-tree holds two ranges, so that a put writes one path of pages and not three:
//
//     0x01 ‖ filed under, µs since 1970, big-endian (8) ‖ key  →  nothing
//     0x02 ‖ key  →  expires, big-endian (8) ‖ filed under (8) ‖ value
//
// An entry is filed under the time at which it expires, or an earlier one: storing it again with a
// longer lifetime leaves its place in the file alone, which halves the cost of a put.
// Whoever comes upon it there (evict) files it anew, so what is evicted is still what expires
// first.
//
// Every function throws LmdbFailure; MDB_CORRUPTED where what it finds is not laid out so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"

struct MDB_txn;

namespace innkeeper::cache::lmdb {

inline constexpr std::size_t longest_key = 200;

struct Shelved {
  Time expires;
  Time filed;
  std::string_view value;  // in the mapped file: valid until the transaction writes or ends
};

std::optional<Shelved> find(MDB_txn* transaction, std::string_view key);

// Stores. `filed`: under which time what find() found is filed, where it found something.
void put(MDB_txn* transaction, std::string_view key, std::string_view value, Time expires,
         std::optional<Time> filed);

void erase(MDB_txn* transaction, std::string_view key, Time filed);

// Removes up to `count` of those that expire before `limit`, the first first. Returns how many it
// removed.
std::size_t evict(MDB_txn* transaction, std::size_t count, Time limit);

// How many pages the tree has, apart from free ones and those of older snapshots.
std::uint64_t pages_in_use(MDB_txn* transaction);
// How many entries there are.
std::size_t count_entries(MDB_txn* transaction);

}  // namespace innkeeper::cache::lmdb
