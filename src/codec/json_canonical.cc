#include <vector>

#include "base/utf8.h"
#include "codec/distinct.h"
#include "codec/json.h"
#include "codec/json_number.h"
#include "codec/json_text.h"
#include "codec/json_walk.h"

namespace innkeeper::codec {

namespace {

// Writes the canonical text as the walk goes, and remembers where the members of the open objects
// begin, so that an object with a name that comes twice can be put right when it closes.
class CanonicalSink {
 public:
  void open(char bracket, std::size_t) {
    if (bracket == '{') m_objects.push_back(m_members.size());
    m_text += bracket;
  }
  void close(char bracket, std::size_t) {
    if (bracket == '}') close_object();
    m_text += bracket;
  }
  void name(const Quoted& name) {
    const std::size_t begin = m_text.size();
    m_text += '"';
    append_canonical(m_text, name, Encoding::utf8);
    m_text += "\":";
    m_members.push_back({begin, m_text.size()});
  }
  void scalar(const Scalar& scalar);
  void comma() { m_text += ','; }

  std::string take_text() { return std::move(m_text); }

 private:
  struct Member {
    std::size_t begin;  // in m_text: of `"name":`
    std::size_t value;
  };

  void close_object();
  std::string without_duplicates(std::size_t first, const std::vector<std::size_t>& winner) const;
  std::string_view name_of(std::size_t member) const {
    const Member& at = m_members[member];
    return std::string_view(m_text).substr(at.begin, at.value - at.begin);
  }
  // A member's value ends before the comma of the next one, or where the text does.
  std::string_view value_of(std::size_t member) const {
    const std::size_t end =
        member + 1 < m_members.size() ? m_members[member + 1].begin - 1 : m_text.size();
    return std::string_view(m_text).substr(m_members[member].value, end - m_members[member].value);
  }

  std::string m_text;
  std::vector<Member> m_members;       // of all open objects, the innermost's last
  std::vector<std::size_t> m_objects;  // for each open object, its first in m_members
};

void CanonicalSink::scalar(const Scalar& scalar) {
  switch (scalar.kind) {
    case Scalar::Kind::string:
      m_text += '"';
      append_canonical(m_text, scalar.quoted(), Encoding::utf8);
      m_text += '"';
      break;
    case Scalar::Kind::integer:
      m_text += canonical_integer(scalar.text);
      break;
    case Scalar::Kind::floating:
      m_text += canonical_float(scalar.text);
      break;
    case Scalar::Kind::word:
      m_text += scalar.text;
      break;
  }
}

void CanonicalSink::close_object() {
  const std::size_t first = m_objects.back();
  const std::size_t count = m_members.size() - first;
  const auto name = [&](std::size_t i) { return name_of(first + i); };
  if (!few_and_distinct(count, name)) {
    const auto winner = winners(count, name);
    if (!winner.empty()) {
      const std::string members = without_duplicates(first, winner);
      m_text.replace(m_members[first].begin, std::string::npos, members);
    }
  }
  m_members.resize(first);
  m_objects.pop_back();
}

std::string CanonicalSink::without_duplicates(std::size_t first,
                                              const std::vector<std::size_t>& winner) const {
  std::string members;
  for (std::size_t i = 0; i < winner.size(); ++i) {
    if (winner[i] == superseded) continue;
    if (!members.empty()) members += ',';
    members.append(name_of(first + i)).append(value_of(first + winner[i]));
  }
  return members;
}

}  // namespace

Result<std::string, JsonError> canonical_json(std::string_view utf8, int depth) {
  if (!is_utf8(utf8, Surrogates::taken)) return failure(JsonError::syntax);
  CanonicalSink sink;
  if (const auto error = walk_json(utf8, depth, sink)) return failure(*error);
  return sink.take_text();
}

}  // namespace innkeeper::codec
