#include "device/memory.h"

#include <algorithm>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

namespace innkeeper::device {
namespace {

constexpr std::size_t most_shards = 16;
// Below this a shard would forget by chance what the whole still had room for.
constexpr std::size_t smallest_shard = 64;

struct Key {
  std::string_view text, hints;
  std::size_t hash;
  bool operator==(const Key& other) const {
    return hash == other.hash && text == other.text && hints == other.hints;
  }
};

// Texts chosen to collide cost a walk along one bucket, and a shard holds few hundred entries.
std::size_t hash_of(std::string_view text, std::string_view hints) {
  const std::hash<std::string_view> hash;
  return hints.empty() ? hash(text) : hash(text) * 31 + hash(hints);
}

struct HashOf {
  std::size_t operator()(const Key& key) const noexcept { return key.hash; }
};

}  // namespace

struct Memory::Shard {
  struct Entry {
    std::string bytes;  // text and hints; the key's views show it
    Key key;
    std::shared_ptr<const Device> device;
  };

  explicit Shard(std::size_t room) : capacity(room) {}

  const std::size_t capacity;
  std::mutex lock;
  std::list<Entry> entries;  // most recently used first
  std::unordered_map<Key, std::list<Entry>::iterator, HashOf> index;
};

Memory::Memory(std::size_t capacity) {
  if (capacity == 0) return;
  const std::size_t shards = std::clamp<std::size_t>(capacity / smallest_shard, 1, most_shards);
  for (std::size_t i = 0; i < shards; ++i) {
    m_shards.push_back(std::make_unique<Shard>(capacity / shards));
  }
}

Memory::~Memory() = default;

Memory::Shard* Memory::shard_for(std::size_t hash) const {
  // The upper half: the lower bits choose the bucket inside the shard.
  return m_shards.empty() ? nullptr : m_shards[(hash >> 32) % m_shards.size()].get();
}

std::shared_ptr<const Device> Memory::find(std::string_view text, std::string_view hints) const {
  const Key key{text, hints, hash_of(text, hints)};
  Shard* shard = shard_for(key.hash);
  if (!shard) return nullptr;
  const std::lock_guard guard(shard->lock);
  const auto found = shard->index.find(key);
  if (found == shard->index.end()) return nullptr;
  shard->entries.splice(shard->entries.begin(), shard->entries, found->second);
  return found->second->device;
}

void Memory::keep(std::string_view text, std::string_view hints,
                  std::shared_ptr<const Device> device) const {
  const std::size_t hash = hash_of(text, hints);
  Shard* shard = shard_for(hash);
  if (!shard) return;
  std::list<Shard::Entry> made(1);
  Shard::Entry& entry = made.front();
  entry.bytes.append(text).append(hints);
  const std::string_view bytes = entry.bytes;
  entry.key = {bytes.substr(0, text.size()), bytes.substr(text.size()), hash};
  entry.device = std::move(device);

  const std::lock_guard guard(shard->lock);
  if (!shard->index.emplace(entry.key, made.begin()).second) return;  // another thread was first
  shard->entries.splice(shard->entries.begin(), made);
  if (shard->entries.size() > shard->capacity) {
    shard->index.erase(shard->entries.back().key);
    shard->entries.pop_back();
  }
}

std::size_t Memory::size() const {
  std::size_t sum = 0;
  for (const auto& shard : m_shards) {
    const std::lock_guard guard(shard->lock);
    sum += shard->entries.size();
  }
  return sum;
}

}  // namespace innkeeper::device
