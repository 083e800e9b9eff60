#include "json.h"

#include <array>
#include <cctype>
#include <cstring>
#include <functional>
#include <string>
#include <utility>

#include <Python.h>

namespace innkeeper::python {

namespace {

// What a string may hold without a closer look: 0x20 to 0x7e but for the quote and the backslash.
constexpr std::array<bool, 256> plain_letters = [] {
  std::array<bool, 256> plain{};
  for (std::size_t i = 0x20; i < 0x7f; ++i) plain[i] = true;
  plain['"'] = plain['\\'] = false;
  return plain;
}();

// A str of plain letters, which needs no look for wider ones.
PyObject* plain_text(std::string_view text) {
  constexpr Py_UCS4 widest = 0x7f;
  PyObject* const made = PyUnicode_New(static_cast<Py_ssize_t>(text.size()), widest);
  if (made != nullptr) std::memcpy(PyUnicode_1BYTE_DATA(made), text.data(), text.size());
  return made;
}

// Names of members come again in every session: the few hundred that a site has are kept, with
// their hashes. With the GIL.
nb::object member_name(std::string_view text) {
  constexpr std::size_t longest = 40, places = 512;
  static std::array<std::pair<std::string, PyObject*>, places> known{};
  if (text.size() > longest) return {};
  auto& [name, object] = known[std::hash<std::string_view>()(text) % places];
  if (object == nullptr || name != text) {
    PyObject* const made = plain_text(text);
    if (made == nullptr) return {};
    Py_XDECREF(object);
    name = text;
    object = made;
  }
  return nb::borrow(object);
}

// Recursive descent; every function gives a null object where it gives up.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : m_rest(text) {}

  nb::object document() {
    if (!take('{')) return {};
    nb::object result = object();
    return m_rest.empty() ? result : nb::object();
  }

 private:
  static constexpr int deepest = 64;
  static constexpr std::size_t most_digits = 18;

  bool take(char wanted) {
    if (m_rest.empty() || m_rest.front() != wanted) return false;
    m_rest.remove_prefix(1);
    return true;
  }

  bool take(std::string_view wanted) {
    if (!m_rest.starts_with(wanted)) return false;
    m_rest.remove_prefix(wanted.size());
    return true;
  }

  nb::object value() {
    if (m_rest.empty() || m_depth > deepest) return {};
    if (take('"')) return string();
    if (take('{')) return object();
    if (take('[')) return array();
    if (take("true")) return nb::borrow(Py_True);
    if (take("false")) return nb::borrow(Py_False);
    if (take("null")) return nb::none();
    return number();
  }

  nb::object object() {
    nb::object dict = nb::steal(PyDict_New());
    if (!dict.is_valid() || take('}')) return dict;
    ++m_depth;
    do {
      if (!take('"')) return {};
      const nb::object name = name_or_string();
      if (!name.is_valid() || !take(':')) return {};
      const nb::object member = value();
      if (!member.is_valid() || PyDict_SetItem(dict.ptr(), name.ptr(), member.ptr()) != 0)
        return {};
    } while (take(','));
    --m_depth;
    return take('}') ? dict : nb::object();
  }

  nb::object array() {
    nb::object list = nb::steal(PyList_New(0));
    if (!list.is_valid() || take(']')) return list;
    ++m_depth;
    do {
      const nb::object element = value();
      if (!element.is_valid() || PyList_Append(list.ptr(), element.ptr()) != 0) return {};
    } while (take(','));
    --m_depth;
    return take(']') ? list : nb::object();
  }

  static bool is_plain(char letter) { return plain_letters[static_cast<unsigned char>(letter)]; }

  std::size_t plain_length() const {
    std::size_t length = 0;
    while (length < m_rest.size() && is_plain(m_rest[length])) ++length;
    return length;
  }

  nb::object name_or_string() {
    const std::size_t length = plain_length();
    if (length == m_rest.size() || m_rest[length] != '"') return string();
    nb::object name = member_name(m_rest.substr(0, length));
    if (!name.is_valid()) return string();
    m_rest.remove_prefix(length + 1);
    return name;
  }

  nb::object string() {
    const std::size_t length = plain_length();
    if (length == m_rest.size()) return {};
    if (m_rest[length] != '"') return escaped_string();
    nb::object text = nb::steal(plain_text(m_rest.substr(0, length)));
    m_rest.remove_prefix(length + 1);
    return text;
  }

  nb::object escaped_string() {
    std::u16string text;
    while (!take('"')) {
      if (take('\\')) {
        const int unit = escape();
        if (unit < 0) return {};
        text.push_back(static_cast<char16_t>(unit));
      } else {
        if (m_rest.empty() || !is_plain(m_rest.front())) return {};
        text.push_back(static_cast<char16_t>(m_rest.front()));
        m_rest.remove_prefix(1);
      }
    }
    return nb::steal(PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, text.data(),
                                               static_cast<Py_ssize_t>(text.size())));
  }

  // What stands behind a backslash; -1 for what is none, and for surrogates.
  int escape() {
    static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (take('u')) return code_unit();
    if (m_rest.empty()) return -1;
    const std::size_t place = letters.find(m_rest.front());
    if (place == std::string_view::npos) return -1;
    m_rest.remove_prefix(1);
    return meanings[place];
  }

  int code_unit() {
    if (m_rest.size() < 4) return -1;
    int unit = 0;
    for (const char digit : m_rest.substr(0, 4)) {
      const auto byte = static_cast<unsigned char>(digit);
      if (std::isxdigit(byte) == 0) return -1;
      unit = unit * 16 + (std::isdigit(byte) != 0 ? digit - '0' : (digit | 0x20) - 'a' + 10);
    }
    m_rest.remove_prefix(4);
    return unit >= 0xd800 && unit < 0xe000 ? -1 : unit;
  }

  std::size_t digits(std::size_t from) const {
    std::size_t end = from;
    while (end < m_rest.size() && m_rest[end] >= '0' && m_rest[end] <= '9') ++end;
    return end - from;
  }

  nb::object number() {
    const std::size_t sign = m_rest.starts_with('-') ? 1 : 0;
    const std::size_t whole = digits(sign);
    std::size_t end = sign + whole;
    if (whole == 0 || whole > most_digits || (whole > 1 && m_rest[sign] == '0')) return {};
    if (end < m_rest.size() && (m_rest[end] == '.' || (m_rest[end] | 0x20) == 'e'))
      return real(end);
    long long result = 0;
    for (const char digit : m_rest.substr(sign, whole)) result = result * 10 + (digit - '0');
    m_rest.remove_prefix(end);
    return nb::steal(PyLong_FromLongLong(sign != 0 ? -result : result));
  }

  // `end`: where the whole part ended.
  nb::object real(std::size_t end) {
    if (m_rest[end] == '.') {
      const std::size_t places = digits(end + 1);
      if (places == 0) return {};
      end += 1 + places;
    }
    if (end < m_rest.size() && (m_rest[end] | 0x20) == 'e') {
      ++end;
      if (end < m_rest.size() && (m_rest[end] == '+' || m_rest[end] == '-')) ++end;
      const std::size_t places = digits(end);
      if (places == 0) return {};
      end += places;
    }
    const std::string text(m_rest.substr(0, end));
    m_rest.remove_prefix(end);
    const double result = PyOS_string_to_double(text.c_str(), nullptr, nullptr);
    if (result == -1.0 && PyErr_Occurred() != nullptr) return {};
    return nb::steal(PyFloat_FromDouble(result));
  }

  std::string_view m_rest;
  int m_depth = 0;
};

}  // namespace

nb::object plain_json(std::string_view text) {
  nb::object result = JsonReader(text).document();
  if (!result.is_valid()) PyErr_Clear();
  return result;
}

}  // namespace innkeeper::python
