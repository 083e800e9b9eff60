#include <utility>

#include "codec/distinct.h"
#include "codec/json.h"
#include "codec/json_text.h"
#include "codec/json_walk.h"

namespace innkeeper::codec {

namespace {

// Cuts the top-level members out of the text, each with whatever is nested in it.
class MemberSink {
 public:
  explicit MemberSink(std::string_view text) : m_text(text) { m_fields.reserve(usual_members); }

  void open(char bracket, std::size_t at) {
    if (m_level == 0) m_is_object = bracket == '{';
    if (m_level == 1) m_value_begin = at;
    ++m_level;
  }
  void close(char, std::size_t end) {
    --m_level;
    if (m_level == 1) take_value(m_text.substr(m_value_begin, end - m_value_begin));
  }
  void name(const Quoted& name) {
    if (m_level != 1) return;
    append_canonical(m_fields.emplace_back().name, name, Encoding::latin1);
  }
  void scalar(const Scalar& scalar) {
    if (m_level != 1) return;
    if (!scalar.verbatim) return take_value(scalar.text);
    if (m_is_object) m_fields.back().value = scalar.text;
  }
  void comma() {}

  bool is_object() const { return m_is_object; }
  Fields take_fields() { return std::move(m_fields); }

 private:
  // An array's elements at the top level come here as well; an array is refused in the end.
  void take_value(std::string_view text) {
    if (m_is_object) m_fields.back().value = ascii_text(text);
  }

  static constexpr std::size_t usual_members = 8;

  std::string_view m_text;
  Fields m_fields;
  std::size_t m_level = 0;
  std::size_t m_value_begin = 0;
  bool m_is_object = false;
};

// Looks only at what stands outermost.
class ShapeSink {
 public:
  void open(char bracket, std::size_t) {
    if (m_level++ == 0) m_is_object = bracket == '{';
  }
  void close(char, std::size_t) { --m_level; }
  void name(const Quoted&) {}
  void scalar(const Scalar&) {}
  void comma() {}

  bool is_object() const { return m_is_object; }

 private:
  std::size_t m_level = 0;
  bool m_is_object = false;
};

Fields distinct(Fields fields) {
  const auto name_of = [&](std::size_t i) -> const std::string& { return fields[i].name; };
  if (few_and_distinct(fields.size(), name_of)) return fields;
  const auto winner = winners(fields.size(), name_of);
  if (winner.empty()) return fields;
  Fields kept;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (winner[i] == superseded) continue;
    kept.push_back({fields[i].name, fields[winner[i]].value});
  }
  return kept;
}

}  // namespace

Result<Fields, JsonError> parse_object(std::string_view text, int depth) {
  MemberSink sink(text);
  if (const auto error = walk_json(text, depth, sink)) return failure(*error);
  if (!sink.is_object()) return failure(JsonError::not_an_object);
  return distinct(sink.take_fields());
}

std::optional<JsonError> object_error(std::string_view text, int depth) {
  ShapeSink sink;
  if (const auto error = walk_json(text, depth, sink)) return error;
  if (!sink.is_object()) return JsonError::not_an_object;
  return std::nullopt;
}

std::string_view describe(JsonError error) {
  switch (error) {
    case JsonError::syntax:
      return "it is no JSON";
    case JsonError::not_an_object:
      return "it is no JSON object";
    case JsonError::too_deep:
      return "it is nested too deep";
    case JsonError::trailing_text:
      break;
  }
  return "something follows its end";
}

std::string join_object(const Fields& fields) {
  std::size_t size = 2;
  for (const Field& field : fields) size += field.name.size() + field.value.size() + 4;
  std::string text;
  text.reserve(size);
  text += '{';
  for (const Field& field : fields) {
    if (text.size() > 1) text += ',';
    text.append("\"").append(field.name).append("\":").append(field.value);
  }
  return text += '}';
}

}  // namespace innkeeper::codec
