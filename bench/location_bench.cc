// The place of an address: with the file opened once, as LocationReader does, against opening it
// for each look-up, and against libmaxminddb on the mapped file.
//
// INNKEEPER_LOCATION_FILE names another file than the demo's, such as a whole GeoLite2-City.mmdb.
#include <cstdlib>
#include <cstring>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <maxminddb.h>
#include <netinet/in.h>

#include "location/database.h"
#include "location/location.h"

namespace {

using innkeeper::IpAddress;
using innkeeper::location::Database;
using innkeeper::location::Location;
using innkeeper::location::LocationReader;

std::string file() {
  const char* given = std::getenv("INNKEEPER_LOCATION_FILE");
  return given != nullptr ? given : INNKEEPER_DEMO_FILE;
}

// Addresses that the file knows, from all over it: a look-up that finds nothing is cheaper.
const std::vector<IpAddress>& addresses() {
  static const std::vector<IpAddress> known = [] {
    const LocationReader reader(file(), innkeeper::null_log());
    std::mt19937 random(1);
    std::vector<IpAddress> found;
    for (int tries = 0; found.size() < 4096 && tries < 10'000'000; ++tries) {
      const auto bits = static_cast<std::uint32_t>(random());
      // Every other one from a documentation range, which is all that the demo's file knows.
      const char* ranges[] = {"192.0.2.", "198.51.100.", "203.0.113."};
      const std::string text =
          tries % 2 == 0
              ? ranges[bits % 3] + std::to_string(bits >> 24)
              : std::to_string(bits >> 24) + '.' + std::to_string(bits >> 16 & 255) + '.' +
                    std::to_string(bits >> 8 & 255) + '.' + std::to_string(bits & 255);
      const auto address = IpAddress::parse(text);
      if (reader.find(*address)) found.push_back(*address);
    }
    return found;
  }();
  return known;
}

void find_with_city_and_country(benchmark::State& state) {
  static const LocationReader reader(file(), innkeeper::null_log());
  const auto& known = addresses();
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(reader.find(known[next++ % known.size()]));
}
BENCHMARK(find_with_city_and_country);
BENCHMARK(find_with_city_and_country)->Threads(2)->UseRealTime();

// As a file of more than 16 MiB is read: those pages that are looked at.
void find_in_a_paged_file(benchmark::State& state) {
  const auto database = Database::open(file(), 0);
  const auto& known = addresses();
  std::size_t next = 0;
  for (auto _ : state) {
    Location place;
    benchmark::DoNotOptimize(database->find(known[next++ % known.size()], "en", place));
  }
}
BENCHMARK(find_in_a_paged_file);

// One visitor's address again and again, as on the pages of a session.
void find_the_same_again(benchmark::State& state) {
  static const LocationReader reader(file(), innkeeper::null_log());
  const IpAddress address = addresses().front();
  for (auto _ : state) benchmark::DoNotOptimize(reader.find(address));
}
BENCHMARK(find_the_same_again);

// Each address once, in a file that was just opened: what a page costs is in it.
void find_for_the_first_time(benchmark::State& state) {
  const auto& known = addresses();
  for (auto _ : state) {
    state.PauseTiming();
    const auto database = Database::open(file(), 0);
    state.ResumeTiming();
    for (const IpAddress& address : known) {
      Location place;
      benchmark::DoNotOptimize(database->find(address, "en", place));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(known.size()));
}
BENCHMARK(find_for_the_first_time);

void find_nothing_for_a_local_address(benchmark::State& state) {
  static const LocationReader reader(file(), innkeeper::null_log());
  const IpAddress address = *IpAddress::parse("10.0.0.1");
  for (auto _ : state) benchmark::DoNotOptimize(reader.find(address));
}
BENCHMARK(find_nothing_for_a_local_address);

// The rival: what a program does that opens the file for each look-up.
void open_and_find(benchmark::State& state) {
  const auto& known = addresses();
  std::size_t next = 0;
  for (auto _ : state) {
    const LocationReader reader(file(), innkeeper::null_log());
    benchmark::DoNotOptimize(reader.find(known[next++ % known.size()]));
  }
}
BENCHMARK(open_and_find);

// The rival: libmaxminddb by itself, which maps the file and looks at nothing else.
class Rival {
 public:
  Rival() {
    if (::MMDB_open(file().c_str(), MMDB_MODE_MMAP, &m_handle) != MMDB_SUCCESS)
      throw std::runtime_error(file());
  }
  ~Rival() { ::MMDB_close(&m_handle); }
  Rival(const Rival&) = delete;
  Rival& operator=(const Rival&) = delete;

  MMDB_lookup_result_s find(const IpAddress& address) const {
    int status = 0;
    if (!address.is_v4()) return {};
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, address.bytes().data() + 12, 4);
    return ::MMDB_lookup_sockaddr(&m_handle, reinterpret_cast<const sockaddr*>(&v4), &status);
  }

 private:
  MMDB_s m_handle{};
};

void libmaxminddb_city_and_country(benchmark::State& state) {
  const Rival rival;
  const auto& known = addresses();
  std::size_t next = 0;
  // Whichever of the two schemas the file has, one of each pair is there.
  const char* const city[] = {"city", "names", "en", nullptr};
  const char* const country[] = {"country", "names", "en", nullptr};
  const char* const flat_city[] = {"city", nullptr};
  const char* const flat_country[] = {"country_code", nullptr};
  MMDB_entry_data_s text;
  auto found = rival.find(known.front());
  const bool nested =
      ::MMDB_aget_value(&found.entry, &text, country) == MMDB_SUCCESS && text.has_data;
  for (auto _ : state) {
    auto result = rival.find(known[next++ % known.size()]);
    (void)::MMDB_aget_value(&result.entry, &text, nested ? city : flat_city);
    benchmark::DoNotOptimize(text);
    (void)::MMDB_aget_value(&result.entry, &text, nested ? country : flat_country);
    benchmark::DoNotOptimize(text);
  }
}
BENCHMARK(libmaxminddb_city_and_country);

void libmaxminddb_whole_record(benchmark::State& state) {
  const Rival rival;
  const auto& known = addresses();
  std::size_t next = 0;
  for (auto _ : state) {
    auto result = rival.find(known[next++ % known.size()]);
    MMDB_entry_data_list_s* list = nullptr;
    benchmark::DoNotOptimize(::MMDB_get_entry_data_list(&result.entry, &list));
    ::MMDB_free_entry_data_list(list);
  }
}
BENCHMARK(libmaxminddb_whole_record);

}  // namespace
