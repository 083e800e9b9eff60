// Reading User-Agents: first time, remembered, and the plain loop over RE2 as the rival.
//
// The texts are uap-core's own cases of tests/data/device (18,045, nearly all distinct) and the 300
// of data/demo. Each pass reads all of them once, so no text finds its own traces in the
// processor's caches; a text's time is the least of its passes, which leaves out other processes'
// time slices. `median_us`, `p99_us` and `max_us` are over the texts.
#include <algorithm>
#include <chrono>
#include <deque>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <re2/re2.h>
#include <unistd.h>

#include "device/device.h"
#include "device/rules.h"

namespace innkeeper::device {
namespace {

void add_texts(const std::string& file, std::set<std::string>& texts) {
  std::ifstream in(std::string(INNKEEPER_SOURCE_FOLDER) + "/" + file);
  for (std::string line; std::getline(in, line);) texts.insert(line.substr(line.rfind('\t') + 1));
}

// Shuffled with a fixed seed, so that neighbours have little in common.
std::vector<std::string> shuffled(const std::vector<std::string>& files) {
  std::set<std::string> texts;
  for (const std::string& file : files) add_texts(file, texts);
  std::vector<std::string> order(texts.begin(), texts.end());
  std::shuffle(order.begin(), order.end(), std::mt19937(7));
  return order;
}

const std::vector<std::string>& all_texts() {
  static const auto texts =
      shuffled({"tests/data/device/browser_cases.tsv", "tests/data/device/system_cases.tsv",
                "tests/data/device/hardware_cases.tsv", "data/demo/user_agents.txt"});
  return texts;
}

const std::vector<std::string>& demo_texts() {
  static const auto texts = shuffled({"data/demo/user_agents.txt"});
  return texts;
}

// Times each text once in a pass and reports quantiles.
template <class Read>
void measure_each(benchmark::State& state, const std::vector<std::string>& texts, Read read) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> took(texts.size(), 1e9);
  for (auto _ : state) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto start = Clock::now();
      read(texts[i]);
      const std::chrono::duration<double, std::micro> time = Clock::now() - start;
      took[i] = std::min(took[i], time.count());
    }
  }
  std::sort(took.begin(), took.end());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(texts.size()));
  state.counters["median_us"] = took[took.size() / 2];
  state.counters["p99_us"] = took[took.size() * 99 / 100];
  state.counters["max_us"] = took.back();
}

// Nothing is remembered, so every read is a first one; the rules are warm after the first pass.
void first_time(benchmark::State& state, const std::vector<std::string>& texts) {
  const DeviceReader reader({.remembered = 0, .text_limit = 1024, .rules_file = {}}, null_log());
  for (const std::string& text : texts) reader.read(text);
  measure_each(state, texts,
               [&](const std::string& text) { benchmark::DoNotOptimize(reader.read(text)); });
}
void first_time_all(benchmark::State& state) { first_time(state, all_texts()); }
void first_time_demo(benchmark::State& state) { first_time(state, demo_texts()); }
BENCHMARK(first_time_all)->Unit(benchmark::kMillisecond)->Iterations(7);
BENCHMARK(first_time_demo)->Unit(benchmark::kMillisecond)->Iterations(7);

// The very first pass of a new reader: patterns are compiled on the way.
void from_a_cold_start(benchmark::State& state) {
  const DeviceReader reader({.remembered = 0, .text_limit = 1024, .rules_file = {}}, null_log());
  measure_each(state, all_texts(),
               [&](const std::string& text) { benchmark::DoNotOptimize(reader.read(text)); });
}
BENCHMARK(from_a_cold_start)->Unit(benchmark::kMillisecond)->Iterations(1);

void remembered(benchmark::State& state) {
  static const DeviceReader reader({}, null_log());
  const auto& texts = demo_texts();
  for (const std::string& text : texts) reader.read(text);
  std::size_t at = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(reader.read(texts[at]));
    if (++at == texts.size()) at = 0;
  }
}
BENCHMARK(remembered)->Threads(1)->Threads(2);

// What one writes first: every rule of each section in turn, until one matches.
class PlainLoop {
 public:
  PlainLoop() {
    for (const auto& section : copy_of_built_in_rules().sections) {
      auto& patterns = m_sections.emplace_back();
      for (const RuleText& rule : section) {
        RE2::Options options;
        options.set_case_sensitive(!rule.any_case);
        patterns.emplace_back(re2::StringPiece(rule.pattern.data(), rule.pattern.size()), options);
      }
    }
  }

  int read(const std::string& text) const {
    int sum = 0;
    for (const auto& section : m_sections) {
      for (const RE2& pattern : section) {
        re2::StringPiece groups[6];
        const int wanted = std::min(6, 1 + pattern.NumberOfCapturingGroups());
        if (pattern.Match(text, 0, text.size(), RE2::UNANCHORED, groups, wanted)) break;
        ++sum;
      }
    }
    return sum;
  }

 private:
  std::deque<std::deque<RE2>> m_sections;
};

void rival_plain_loop(benchmark::State& state) {
  static const PlainLoop loop;
  for (const std::string& text : demo_texts()) loop.read(text);
  measure_each(state, demo_texts(),
               [&](const std::string& text) { benchmark::DoNotOptimize(loop.read(text)); });
}
BENCHMARK(rival_plain_loop)->Unit(benchmark::kMillisecond)->Iterations(7);

double resident_megabytes() {
  std::ifstream in("/proc/self/statm");
  double pages = 0, resident = 0;
  in >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

// How long a reader takes to be made, and what it holds: at rest, and after all 18,000 texts have
// had their patterns compiled and 4,096 results are remembered.
void load(benchmark::State& state) {
  for (auto _ : state) {
    const double before = resident_megabytes();
    const DeviceReader reader({}, null_log());
    state.PauseTiming();
    state.counters["rest_MB"] = resident_megabytes() - before;
    for (const std::string& text : demo_texts()) reader.read(text);
    state.counters["demo_MB"] = resident_megabytes() - before;
    for (const std::string& text : all_texts()) reader.read(text);
    state.counters["all_MB"] = resident_megabytes() - before;
    state.ResumeTiming();
  }
}
BENCHMARK(load)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace innkeeper::device
