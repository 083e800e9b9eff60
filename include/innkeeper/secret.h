// Text that must not be seen: it is wiped when it goes, and nothing prints it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace innkeeper {

// Owns a secret (SECRET_KEY, a password, a licence key). Copyable; every copy wipes its own memory.
// There is no operator<<, no conversion: whoever needs the text says reveal() and answers for it.
// Thread-safe as a std::string is: many may read it, one may change it.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : m_text(std::move(text)) {}
  Secret(const Secret&) = default;
  // Copies and wipes: moving a short std::string would leave its text behind.
  // NOLINTNEXTLINE(performance-move-constructor-init)
  Secret(Secret&& other) noexcept : m_text(other.m_text) { other.wipe(); }
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  std::string_view reveal() const { return m_text; }
  bool empty() const { return m_text.empty(); }
  std::size_t size() const { return m_text.size(); }

 private:
  void wipe() noexcept;
  std::string m_text;
};

// The secret in a file: its text without the white space at its end (an editor's last line break).
// Throws FileError, naming the file, where it cannot be read, is empty or longer than 64 KiB.
Secret read_secret(const std::filesystem::path& file);

}  // namespace innkeeper
