#include "device/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <algorithm>
#include <memory>
#include <new>

#include <pcre2.h>
#include <re2/re2.h>

namespace innkeeper::device {
namespace {

// A search of an honest text takes some hundred steps; 20,000 take about 0.1 ms.
constexpr std::uint32_t match_limit = 20'000;

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
using Code = std::unique_ptr<pcre2_code, FreeCode>;

// What a search needs to work in; one for each thread, kept.
struct Workspace {
  Workspace()
      : data(pcre2_match_data_create(std::tuple_size_v<Groups>, nullptr)),
        context(pcre2_match_context_create(nullptr)) {
    if (!data || !context) throw std::bad_alloc();
    pcre2_set_match_limit(context, match_limit);
  }
  ~Workspace() {
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  pcre2_match_data* data;
  pcre2_match_context* context;
};

Workspace& workspace() {
  thread_local Workspace own;
  return own;
}

Code compile(std::string_view text, bool any_case, int& error, std::size_t& place) {
  const std::uint32_t options = any_case ? PCRE2_CASELESS : 0;
  return Code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), options, &error,
                            &place, nullptr));
}

// Puts `made` into `slot` unless another thread was first, and returns what is there.
template <class T, class Deleter>
void* keep(std::atomic<void*>& slot, std::unique_ptr<T, Deleter> made) {
  void* current = nullptr;
  if (slot.compare_exchange_strong(current, made.get(), std::memory_order_acq_rel)) {
    return made.release();
  }
  return current;
}

void fill(const pcre2_match_data* data, int count, std::string_view subject, Groups& groups) {
  const std::size_t* ends = pcre2_get_ovector_pointer(const_cast<pcre2_match_data*>(data));
  const std::size_t filled = count == 0 ? groups.size() : static_cast<std::size_t>(count);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bool took_part =
        i < filled && ends[2 * i] != PCRE2_UNSET && ends[2 * i] <= ends[2 * i + 1];
    groups[i] =
        took_part ? subject.substr(ends[2 * i], ends[2 * i + 1] - ends[2 * i]) : std::string_view();
  }
}

}  // namespace

Pattern::~Pattern() {
  pcre2_code_free(static_cast<pcre2_code*>(m_compiled.load()));
  delete static_cast<re2::RE2*>(m_linear.load());
}

const void* Pattern::compiled() const {
  if (void* done = m_compiled.load(std::memory_order_acquire)) return done;
  int error = 0;
  std::size_t place = 0;
  Code code = compile(m_text, m_any_case, error, place);
  if (!code) return nullptr;  // fault() has told of it where it could be told
  // Where the system allows no executable memory, the interpreter serves.
  pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
  return keep(m_compiled, std::move(code));
}

bool Pattern::search(std::string_view subject, Groups& groups) const {
  const auto* code = static_cast<const pcre2_code*>(compiled());
  if (!code) return search_without_backtracking(subject, groups);
  Workspace& work = workspace();
  const int count = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(),
                                0, 0, work.data, work.context);
  if (count == PCRE2_ERROR_NOMATCH) return false;
  if (count < 0) return search_without_backtracking(subject, groups);
  fill(work.data, count, subject, groups);
  return true;
}

bool Pattern::search_without_backtracking(std::string_view subject, Groups& groups) const {
  auto* linear = static_cast<re2::RE2*>(m_linear.load(std::memory_order_acquire));
  if (!linear) {
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    options.set_case_sensitive(!m_any_case);
    options.set_log_errors(false);
    auto made = std::make_unique<re2::RE2>(re2::StringPiece(m_text.data(), m_text.size()), options);
    linear = static_cast<re2::RE2*>(keep(m_linear, std::move(made)));
  }
  if (!linear->ok()) return false;
  std::array<re2::StringPiece, std::tuple_size_v<Groups>> found;
  const int wanted = std::min<int>(1 + linear->NumberOfCapturingGroups(), int{found.size()});
  if (!linear->Match(re2::StringPiece(subject.data(), subject.size()), 0, subject.size(),
                     re2::RE2::UNANCHORED, found.data(), wanted)) {
    return false;
  }
  std::transform(found.begin(), found.end(), groups.begin(),
                 [](const re2::StringPiece& p) { return std::string_view(p.data(), p.size()); });
  return true;
}

std::string Pattern::fault() const {
  int error = 0;
  std::size_t place = 0;
  if (compile(m_text, m_any_case, error, place)) return {};
  std::array<PCRE2_UCHAR, 256> message{};
  pcre2_get_error_message(error, message.data(), message.size());
  return reinterpret_cast<const char*>(message.data()) + std::string(" at character ") +
         std::to_string(place);
}

}  // namespace innkeeper::device
