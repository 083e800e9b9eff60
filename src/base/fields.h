// The top-level members of a session's payload, in order: the currency between codec, merge and
// engine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace innkeeper {

// One member of a JSON object. Both texts are JSON source, ASCII, exactly as Python writes it:
// `name` is the inside of the key's quotes (escaped, canonical, so that equal keys are equal
// texts), `value` the whole text of the value (`"Zo\u00eb"`, `1e+16`, `{"a":[1,2]}`), kept byte for
// byte.
struct Field {
  std::string name;
  std::string value;
  bool operator==(const Field&) const = default;
};

// In payload order, names distinct (as in a Python dict; the last of duplicates wins, at the place
// of the first).
using Fields = std::vector<Field>;

// The value of `name` (canonical, see Field), or null. Valid until `fields` changes.
inline const std::string* find(const Fields& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (field.name == name) return &field.value;
  }
  return nullptr;
}

}  // namespace innkeeper
