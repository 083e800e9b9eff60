#include "location/remembered_places.h"

#include <thread>

#include "location/database.h"
#include "support.h"

namespace innkeeper::location {

namespace {

Location called(const std::string& city) {
  Location place;
  place.city = city;
  return place;
}

std::string known(const RememberedPlaces& places, std::size_t at, std::string_view language) {
  Location place;
  return places.find(at, language, place) ? place.city : "unknown";
}

}  // namespace

TEST(RememberedPlaces, RemembersWhatComesTwice) {
  RememberedPlaces places;
  places.offer(7, "en", called("Lyon"));
  EXPECT_EQ(known(places, 7, "en"), "unknown");
  places.offer(7, "en", called("Lyon"));
  EXPECT_EQ(known(places, 7, "en"), "Lyon");
  EXPECT_EQ(known(places, 8, "en"), "unknown");
}

TEST(RememberedPlaces, KeepsLanguagesApart) {
  RememberedPlaces places;
  for (int i = 0; i < 2; ++i) places.offer(7, "en", called("Gothenburg"));
  EXPECT_EQ(known(places, 7, "sv"), "unknown");
  for (int i = 0; i < 2; ++i) places.offer(7, "sv", called("Göteborg"));
  EXPECT_EQ(known(places, 7, "sv"), "Göteborg");
}

// A crawl over every place there is, in a table that is far smaller.
TEST(RememberedPlaces, WhatComesOnceDrivesNobodyOut) {
  RememberedPlaces places;
  for (int i = 0; i < 2; ++i) places.offer(0, "en", called("Lyon"));
  for (std::size_t at = 1; at < 100'000; ++at) places.offer(at, "en", called("elsewhere"));
  EXPECT_EQ(known(places, 0, "en"), "Lyon");
}

TEST(RememberedPlaces, AreWhatTheFileSays) {
  const auto file = Database::open(demo);
  for (int i = 0; i < 256; ++i) {
    const auto where = address("192.0.2." + std::to_string(i));
    std::string texts[4];
    for (std::string& text : texts) {
      Location place;
      (void)file->find(where, &text == &texts[3] ? "fa" : "en", place);
      text = place.text() + place.time_zone + place.region_name;
    }
    EXPECT_EQ(texts[0], texts[1]);
    EXPECT_EQ(texts[0], texts[2]);
    Location fresh;
    (void)Database::open(demo)->find(where, "fa", fresh);
    EXPECT_EQ(texts[3], fresh.text() + fresh.time_zone + fresh.region_name);
  }
}

TEST(RememberedPlaces, AreSharedByThreads) {
  RememberedPlaces places;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (std::size_t round = 0; round < 20'000; ++round) {
        const std::size_t at = round % 3;
        places.offer(at, "en", called(std::string(40, static_cast<char>('a' + at))));
        Location place;
        if (places.find(at, "en", place)) {
          ASSERT_EQ(place.city, std::string(40, static_cast<char>('a' + at)));
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace innkeeper::location
