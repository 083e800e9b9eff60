#include "session/merge.h"

#include <algorithm>

namespace innkeeper::session {

namespace {

// Looks members up by name; sorted, so that a payload of many members costs no square of them.
class Members {
 public:
  explicit Members(const Fields& fields) {
    m_sorted.reserve(fields.size());
    for (const Field& field : fields) m_sorted.push_back(&field);
    std::sort(m_sorted.begin(), m_sorted.end(), by_name);
  }

  // The value of `name`, or null: the member is not there.
  const std::string* value(const std::string& name) const {
    const auto at = std::lower_bound(
        m_sorted.begin(), m_sorted.end(), name,
        [](const Field* field, const std::string& wanted) { return field->name < wanted; });
    return at != m_sorted.end() && (*at)->name == name ? &(*at)->value : nullptr;
  }

 private:
  static bool by_name(const Field* left, const Field* right) { return left->name < right->name; }
  std::vector<const Field*> m_sorted;
};

bool same(const std::string* left, const std::string* right) {
  if (left == nullptr || right == nullptr) return left == right;
  return *left == *right;
}

}  // namespace

Fields merge(const Fields& base, const Fields& theirs, const Fields& mine) {
  const Members in_base(base), in_theirs(theirs), in_mine(mine);
  // What I left alone is theirs to decide; what I changed or removed is mine.
  const auto keep = [&](Fields& merged, const Field& member) {
    const std::string* my_value = in_mine.value(member.name);
    const bool untouched = same(my_value, in_base.value(member.name));
    const std::string* value = untouched ? in_theirs.value(member.name) : my_value;
    if (value != nullptr) merged.push_back({member.name, *value});
  };
  Fields merged;
  for (const Field& member : theirs) keep(merged, member);
  for (const Field& member : mine) {
    if (in_theirs.value(member.name) == nullptr) keep(merged, member);
  }
  return merged;
}

}  // namespace innkeeper::session
