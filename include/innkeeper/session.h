// A session in hand: what one request reads and changes before the book saves it.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace innkeeper {

// Comes from Book::open. One that was moved from may only be assigned to or destroyed. Owned by one
// request and used by one thread at a time; it may outlive the book, but only the book that it came
// from can save it. Nothing here waits or touches the database.
//
// Values are those of JSON, as Django's sessions hold them. A getter gives nothing where the name
// is absent or its value is of another type.
class Session {
 public:
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  // Whether the book has it: false for a visitor without a cookie, for junk and for a session that
  // is over.
  bool exists() const;
  bool empty() const;     // no values
  bool modified() const;  // it has changes that Book::save would write

  // The value for the cookie, and for nothing else: whoever has it *is* the user. Empty until the
  // first save.
  std::string key() const;
  // The public name, fit for pages, URLs and logs: 40 hexadecimal digits; it opens nothing. Empty
  // until the first save.
  std::string id() const;
  // The user that the session's values name, or nothing for a visitor. What was true at the sign-in
  // need not be now (another password, a user who is not active any more): before you let anybody
  // do anything, ask Book::user_of.
  std::optional<std::string> user_id() const;

  std::optional<std::string> get_text(std::string_view name) const;  // UTF-8
  std::optional<std::int64_t> get_integer(std::string_view name) const;
  std::optional<double> get_number(std::string_view name) const;  // takes integers, too
  std::optional<bool> get_bool(std::string_view name) const;
  // Any value as its JSON text: lists and objects, for a JSON library to read.
  std::optional<std::string> get_json(std::string_view name) const;

  // UTF-8 texts; bytes that are none are taken as Latin-1.
  void set(std::string_view name, std::string_view text);
  void set(std::string_view name, const char* text) { set(name, std::string_view(text)); }
  void set(std::string_view name, std::u8string_view text) {
    set(name, std::string_view(reinterpret_cast<const char*>(text.data()), text.size()));
  }
  void set(std::string_view name, const char8_t* text) { set(name, std::u8string_view(text)); }
  void set(std::string_view name, double number);
  template <std::integral Number>
  void set(std::string_view name, Number number) {
    if constexpr (std::same_as<Number, bool>) {
      set_bool(name, number);
    } else if (std::in_range<std::int64_t>(number)) {
      set_integer(name, static_cast<std::int64_t>(number));
    } else {
      set_json(name, std::to_string(number));
    }
  }
  // Neither a text nor a number: what was meant?
  void set(std::string_view name, char) = delete;
  template <class Object>
  void set(std::string_view name, const Object* pointer) = delete;
  // Any JSON value in any spelling, as Python's json module reads it (NaN and Infinity, too).
  // Throws Error where the text is no JSON, or nested deeper than 512.
  void set_json(std::string_view name, std::string_view json);
  void remove(std::string_view name);
  // Removes every value, the user's name among them; the session and its key stay.
  void clear();

  // How long this one session lives from now on, in place of Options::cookie_age; zero: until the
  // browser closes; nothing: as the options say.
  void set_expiry(std::optional<std::int64_t> seconds);

 private:
  friend class Book;
  struct State;
  explicit Session(std::unique_ptr<State> state);
  void set_integer(std::string_view name, std::int64_t number);
  void set_bool(std::string_view name, bool value);
  std::unique_ptr<State> m_state;
};

}  // namespace innkeeper
