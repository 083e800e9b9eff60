#include "device/candidates.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include <re2/filtered_re2.h>

#include "device/atoms.h"

namespace innkeeper::device {
namespace {

// Shorter atoms occur in nearly every text and filter nothing.
constexpr int shortest_atom = 2;

// The patterns and texts are bytes to PCRE2, so they are bytes here: a character outside ASCII is
// as many `.` to both.
re2::RE2::Options options_for(bool any_case) {
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_case_sensitive(!any_case);
  options.set_log_errors(false);
  // Nothing is captured here, and without captures the program is smaller.
  options.set_never_capture(true);
  return options;
}

// Rewrites a pattern token by token; a token is a byte, an escape or a class.
class FilterForm {
 public:
  explicit FilterForm(std::string_view pattern) : m_pattern(pattern) {
    while (m_at < m_pattern.size() && !m_given_up) rewrite_token();
  }
  std::string text() { return m_given_up ? std::string(m_pattern) : std::move(m_out); }

 private:
  void rewrite_token() {
    const std::size_t begin = m_at;
    const bool literal = skip_token();
    const std::string_view token = m_pattern.substr(begin, m_at - begin);
    if (literal && take("{0,2}")) {
      m_out.append("(?:|").append(token).append("|").append(token).append(token).append(")");
      take("?");  // lazy or not, it is the same set of texts
    } else if (literal && take("?")) {
      m_out.append("(?:").append(token).append("|)");
      take("?");
    } else {
      m_out.append(token);
      if (take_long_count('0')) m_out += '*';
      if (take_long_count('1')) m_out += '+';
    }
  }

  // Moves behind the token; whether it stands for exactly its own text.
  bool skip_token() {
    const char c = m_pattern[m_at++];
    if (c == '[') return skip_class();
    if (c != '\\') return std::string_view(".^$*+?()|{}").find(c) == std::string_view::npos;
    if (m_at == m_pattern.size()) return false;
    const char escaped = m_pattern[m_at++];
    // These are followed by more of their own, or by quoted text.
    m_given_up = std::string_view("xpPQ01234567").find(escaped) != std::string_view::npos;
    return std::isalnum(static_cast<unsigned char>(escaped)) == 0;
  }

  bool skip_class() {
    take("^");
    take("]");  // at the start it is a member
    while (m_at < m_pattern.size() && m_pattern[m_at] != ']') {
      if (m_pattern[m_at] == '[') m_given_up = true;  // [[:alpha:]]
      m_at += m_pattern[m_at] == '\\' ? 2 : 1;
    }
    m_at = std::min(m_at + 1, m_pattern.size());
    return false;
  }

  bool take(std::string_view text) {
    if (!m_pattern.substr(m_at).starts_with(text)) return false;
    m_at += text.size();
    return true;
  }

  // `{0,300}` or `{1,300}`: a comma and three digits or more.
  bool take_long_count(char from) {
    const std::string_view rest = m_pattern.substr(m_at);
    if (rest.size() < 7 || rest[0] != '{' || rest[1] != from || rest[2] != ',') return false;
    const std::size_t end = rest.find_first_not_of("0123456789", 3);
    if (end == rest.npos || rest[end] != '}' || end < 6) return false;
    m_at += end + 1;
    return true;
  }

  std::string_view m_pattern;
  std::size_t m_at = 0;
  bool m_given_up = false;
  std::string m_out;
};

}  // namespace

struct Candidates::State {
  re2::FilteredRE2 filter{shortest_atom};
  std::optional<Atoms> atoms;
};

Candidates::Candidates() : m_state(std::make_unique<State>()) {}
Candidates::~Candidates() = default;
Candidates::Candidates(Candidates&&) noexcept = default;
Candidates& Candidates::operator=(Candidates&&) noexcept = default;

std::string Candidates::add(std::string_view pattern, bool any_case) {
  const std::string shrunk = filter_form(pattern);
  int number = 0;
  if (m_state->filter.Add(shrunk, options_for(any_case), &number) == re2::RE2::NoError) return {};
  return re2::RE2(shrunk, options_for(any_case)).error();
}

void Candidates::compile() {
  std::vector<std::string> atoms;
  m_state->filter.Compile(&atoms);
  m_state->atoms.emplace(atoms);
}

void Candidates::find(std::string_view text, std::vector<int>& possible) const {
  thread_local std::vector<int> found;
  m_state->atoms->find(text, found);
  m_state->filter.AllPotentials(found, &possible);
  std::sort(possible.begin(), possible.end());
}

bool Candidates::may_match(int number, std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()),
                                m_state->filter.GetRE2(number));
}

std::string filter_form(std::string_view pattern) { return FilterForm(pattern).text(); }

}  // namespace innkeeper::device
