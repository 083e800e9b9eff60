// The results that are remembered: a bounded map from texts to what they were read as.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "device/device.h"

namespace innkeeper::device {

// Keeps at most `capacity` results and lets the least recently used go. Thread-safe: the entries
// are spread over shards, each with a lock that is held for a look-up only.
class Memory {
 public:
  explicit Memory(std::size_t capacity);
  ~Memory();

  // The result for this pair of texts, or null. Copies neither text.
  std::shared_ptr<const Device> find(std::string_view text, std::string_view hints) const;
  void keep(std::string_view text, std::string_view hints,
            std::shared_ptr<const Device> device) const;
  std::size_t size() const;

 private:
  struct Shard;
  Shard* shard_for(std::size_t hash) const;
  // Empty where nothing is to be remembered.
  std::vector<std::unique_ptr<Shard>> m_shards;
};

}  // namespace innkeeper::device
