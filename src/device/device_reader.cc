#include <mutex>
#include <shared_mutex>

#include "base/error.h"
#include "device/client_hints.h"
#include "device/device.h"
#include "device/kind.h"
#include "device/memory.h"
#include "device/refine.h"
#include "device/rule_book.h"
#include "device/rules_file.h"
#include "device/text.h"

namespace innkeeper::device {
namespace {

// Rules and the results found by them, together: a slow read by old rules can't leave its result
// among those of new ones.
struct Loaded {
  Loaded(RuleTexts rules, RuleBook::Check check, std::size_t remembered)
      : book(std::move(rules), check), memory(remembered) {}

  const RuleBook book;
  const Memory memory;
};

std::shared_ptr<const Loaded> load_file(const std::filesystem::path& file, std::size_t remembered) {
  try {
    return std::make_shared<const Loaded>(read_rules_file(file), RuleBook::Check::all, remembered);
  } catch (const BadRule& bad) {
    throw FileError(file.string() + ": " + bad.what());
  }
}

Device recognise(const RuleBook& book, std::string_view user_agent, std::string_view packed_hints) {
  Device device;
  const std::string text = without_controls(user_agent);
  book.read(text, device);
  ClientHints hints;
  if (!packed_hints.empty()) {
    hints = read_client_hints(packed_hints);
    const std::string full = with_model(text, hints);
    if (!full.empty()) book.read_hardware(full, device.hardware);
    refine(device, hints);
  }
  device.kind = kind_of(device, text, hints);
  return device;
}

}  // namespace

struct DeviceReader::State {
  std::shared_ptr<const Loaded> current() {
    const std::shared_lock guard(lock);
    return loaded;
  }

  Options options;
  std::shared_mutex lock;  // of `loaded`: the pointer, not what it points at
  std::shared_ptr<const Loaded> loaded;
};

DeviceReader::DeviceReader(Options options, Log& log) : m_state(std::make_unique<State>()) {
  m_state->options = std::move(options);
  const Options& chosen = m_state->options;
  if (!chosen.rules_file.empty()) {
    try {
      m_state->loaded = load_file(chosen.rules_file, chosen.remembered);
      return;
    } catch (const FileError& wrong) {
      log.write(LogLevel::error, general_log,
                "device rules not loaded, the built-in ones serve: " + std::string(wrong.what()));
    }
  }
  m_state->loaded = std::make_shared<const Loaded>(copy_of_built_in_rules(),
                                                   RuleBook::Check::filter, chosen.remembered);
}

DeviceReader::~DeviceReader() = default;

std::shared_ptr<const Device> DeviceReader::read(std::string_view user_agent,
                                                 std::string_view client_hints) const {
  const std::shared_ptr<const Loaded> loaded = m_state->current();
  const std::string_view text = capped(user_agent, m_state->options.text_limit);
  const std::string_view hints = client_hints.substr(0, client_hints_limit);
  if (auto known = loaded->memory.find(text, hints)) return known;
  auto device = std::make_shared<const Device>(recognise(loaded->book, text, hints));
  loaded->memory.keep(text, hints, device);
  return device;
}

Device DeviceReader::read_anew(std::string_view user_agent, std::string_view client_hints) const {
  return recognise(m_state->current()->book, capped(user_agent, m_state->options.text_limit),
                   client_hints.substr(0, client_hints_limit));
}

void DeviceReader::load_rules(const std::filesystem::path& rules_file) {
  auto loaded = load_file(rules_file, m_state->options.remembered);
  const std::unique_lock guard(m_state->lock);
  m_state->loaded.swap(loaded);  // the old rules go when their last reader is done
}

}  // namespace innkeeper::device
