// The place of an address: with the file opened once, as LocationReader does, against opening it
// for each look-up.
//
// INNKEEPER_LOCATION_FILE names another file than the demo's, such as a whole GeoLite2-City.mmdb.
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

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

// What a file of more than 16 MiB costs: mapped, and looked at before each touch.
void find_in_a_mapped_file(benchmark::State& state) {
  const auto database = Database::open(file(), 0);
  const auto& known = addresses();
  std::size_t next = 0;
  for (auto _ : state) {
    Location place;
    benchmark::DoNotOptimize(database->find(known[next++ % known.size()], "en", place));
  }
}
BENCHMARK(find_in_a_mapped_file);

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

}  // namespace
