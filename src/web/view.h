// What a template is filled in with: texts, flags and lists under names. No template library is
// seen from here.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace innkeeper::web {

// A value type, moved about; not thread-safe. Texts are escaped when they are
// rendered; bytes that are no UTF-8 stand as U+FFFD.
class View {
 public:
  View();
  ~View();
  View(View&&) noexcept;
  View& operator=(View&&) noexcept;

  View& text(std::string_view name, std::string_view value);
  // `{{#name}}` renders where it is true. A text alone would render even where it is empty.
  View& flag(std::string_view name, bool value);
  // A text together with the flag "has_NAME", both only where the text is not empty.
  View& maybe(std::string_view name, std::string_view value);
  View& object(std::string_view name, View value);
  View& list(std::string_view name, std::vector<View> items);

 private:
  friend class Templates;
  struct Data;
  std::unique_ptr<Data> m_data;
};

}  // namespace innkeeper::web
