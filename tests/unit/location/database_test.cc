#include "location/database.h"

#include <sys/stat.h>

#include "base/error.h"
#include "support.h"

namespace innkeeper::location {

namespace {

using Answer = Database::Answer;

std::string refusal(const fs::path& path) {
  try {
    Database::open(path);
    return {};
  } catch (const FileError& error) {
    return error.what();
  }
}

Location place_in(const char* file, const char* text, std::string_view language = "en") {
  Location place;
  EXPECT_EQ(Database::open(data / file)->find(address(text), language, place), Answer::place)
      << text;
  return place;
}

}  // namespace

TEST(Database, ReadsTheNestedSchema) {
  const Location place = place_in("city.mmdb", "89.160.20.112");
  EXPECT_EQ(place.city, "Linköping");
  EXPECT_EQ(place.region_code, "E");
  EXPECT_EQ(place.region_name, "Östergötland County");
  EXPECT_EQ(place.postal_code, "582 00");
  EXPECT_EQ(place.continent_code, "EU");
  EXPECT_EQ(place.continent_name, "Europe");
  EXPECT_EQ(place.country_code, "SE");  // not NO, where the address is registered
  EXPECT_EQ(place.country_name, "Sweden");
  EXPECT_EQ(place.time_zone, "Europe/Stockholm");
  EXPECT_DOUBLE_EQ(place.latitude.value(), 58.4167);
  EXPECT_DOUBLE_EQ(place.longitude.value(), 15.6167);
  EXPECT_EQ(place.accuracy_radius, 76);
  EXPECT_EQ(place.metro_code, 807);
  EXPECT_EQ(place.is_in_european_union, true);
}

TEST(Database, ReadsTheFlatSchema) {
  const Location place = place_in("flat-v4.mmdb", "198.51.100.7");
  EXPECT_EQ(place.text(), "Lyon, France");
  EXPECT_EQ(place.region_name, "Auvergne-Rhône-Alpes");
  EXPECT_EQ(place.postal_code, "69001");
  EXPECT_EQ(place.time_zone, "Europe/Paris");
  EXPECT_EQ(place.continent_name, "Europe");  // the file says neither: our own table does
  EXPECT_NEAR(place.latitude.value(), 45.75, 1e-6);
  EXPECT_EQ(place.is_in_european_union, std::nullopt);
}

TEST(Database, ReadsTheFlatSchemaUnderOtherNames) {
  const Location place = place_in("flat-v6.mmdb", "2001:db8:2::1");
  EXPECT_EQ(place.text(), "Lima, Peru");
  EXPECT_EQ(place.region_name, "Lima region");
  EXPECT_EQ(place.region_code, "LMA");
  EXPECT_EQ(place.continent_name, "South America");
  EXPECT_EQ(place.postal_code, "15001");
  EXPECT_DOUBLE_EQ(place.latitude.value(), -12.05);
  EXPECT_DOUBLE_EQ(place.longitude.value(), -77.04);
}

TEST(Database, NamesPlacesInTheLanguageAskedFor) {
  EXPECT_EQ(place_in("city.mmdb", "89.160.20.1", "de").country_name, "Schweden");
  EXPECT_EQ(place_in("city.mmdb", "89.160.20.1", "de-AT").country_name, "Schweden");
  EXPECT_EQ(place_in("city.mmdb", "89.160.20.1", "pt").city, "Linkopinga");
  EXPECT_EQ(place_in("city.mmdb", "89.160.20.1", "fr").country_name, "Sweden");
  EXPECT_EQ(place_in("city.mmdb", "198.51.100.1", "fr").city, "東京");  // it has no other name
}

TEST(Database, TellsWhatIsKnownAndNoMore) {
  EXPECT_EQ(place_in("city.mmdb", "198.51.100.200").text(), "Sweden");
  EXPECT_EQ(place_in("city.mmdb", "198.51.100.1").text(), "東京");
  Location place;
  const auto file = Database::open(data / "city.mmdb");
  EXPECT_EQ(file->find(address("203.0.113.1"), "en", place), Answer::nothing);  // half a position
  EXPECT_EQ(file->find(address("203.0.113.200"), "en", place), Answer::nothing);
  EXPECT_EQ(file->find(address("8.8.8.8"), "en", place), Answer::nothing);
}

TEST(Database, KnowsOnlyItsOwnFamily) {
  Location place;
  EXPECT_EQ(Database::open(data / "flat-v4.mmdb")->find(address("2001:db8:2::1"), "en", place),
            Answer::nothing);
  EXPECT_EQ(Database::open(data / "flat-v6.mmdb")->find(address("198.51.100.7"), "en", place),
            Answer::nothing);
}

TEST(Database, TakesAMappedAddressForTheIpv4AddressThatItIs) {
  EXPECT_EQ(place_in("flat-v4.mmdb", "::ffff:198.51.100.7").city, "Lyon");
  EXPECT_EQ(place_in("city.mmdb", "::ffff:89.160.20.1").city, "Linköping");
}

TEST(Database, LeavesOutWhatCannotBeShown) {
  const Location nowhere = place_in("odd.mmdb", "192.0.2.1");
  EXPECT_FALSE(nowhere.latitude || nowhere.longitude || nowhere.accuracy_radius);
  for (const char* text : {"192.0.2.17", "192.0.2.33", "192.0.2.49"})
    EXPECT_EQ(place_in("odd.mmdb", text).text(), "Sweden");
  EXPECT_EQ(place_in("odd.mmdb", "192.0.2.65").country_code, "zz");
  EXPECT_EQ(place_in("odd.mmdb", "192.0.2.81").text(), "United Kingdom");
}

TEST(Database, ARecordOfAnotherKindIsNoPlace) {
  Location place;
  EXPECT_EQ(Database::open(data / "odd.mmdb")->find(address("192.0.2.97"), "en", place),
            Answer::nothing);
  EXPECT_EQ(Database::open(data / "asn.mmdb")->find(address("192.0.2.1"), "en", place),
            Answer::nothing);
}

TEST(Database, SurvivesHostileRecords) {
  for (const auto& entry : fs::directory_iterator(data / "hostile")) {
    const auto file = Database::open(entry.path());
    Location place;
    EXPECT_NE(file->find(address("192.0.2.1"), "en", place), Answer::place) << entry.path();
    EXPECT_EQ(place.text(), "") << entry.path();
    EXPECT_THROW(file->check_records(), FileError) << entry.path();
  }
}

TEST(Database, RefusesBrokenFilesByNameAndReason) {
  for (const auto& entry : fs::directory_iterator(data / "refused")) {
    const std::string message = refusal(entry.path());
    EXPECT_TRUE(message.starts_with(entry.path().string() + ": ")) << entry.path() << message;
  }
}

TEST(Database, RefusesEveryTruncation) {
  const Folder folder;
  const std::string whole = bytes_of(data / "city.mmdb");
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    write_file(folder / "cut.mmdb", whole.substr(0, size));
    // The last members of the metadata may be missing without harm: nobody needs them.
    if (refusal(folder / "cut.mmdb").empty()) ADD_FAILURE() << size;
  }
}

TEST(Database, RefusesWhatIsNoRegularFileWithoutWaiting) {
  const Folder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe.mmdb").c_str(), 0600), 0);
  EXPECT_NE(refusal(folder / "pipe.mmdb").find("not a regular file"), std::string::npos);
  EXPECT_NE(refusal(folder.path()).find("not a regular file"), std::string::npos);
  EXPECT_NE(refusal(folder / "none.mmdb").find("No such file"), std::string::npos);
}

TEST(Database, ChecksItsRecords) {
  EXPECT_NO_THROW(Database::open(data / "city.mmdb")->check_records());
  EXPECT_THROW(Database::open(data / "asn.mmdb")->check_records(), FileError);
}

TEST(Database, ASmallFileCutShortInPlaceIsStillKnown) {
  const Folder folder;
  fs::copy_file(demo, folder / "x.mmdb");
  const auto file = Database::open(folder / "x.mmdb");
  fs::resize_file(folder / "x.mmdb", 0);
  Location place;
  EXPECT_EQ(file->find(address("192.0.2.1"), "en", place), Answer::place);
}

// In a mapping, this ends the test program by SIGBUS.
TEST(Database, OfALargeFileCutShortInPlaceWhatWasReadIsKnown) {
  const Folder folder;
  fs::copy_file(demo, folder / "x.mmdb");
  const auto file = Database::open(folder / "x.mmdb", 0);
  Location place;
  EXPECT_EQ(file->find(address("192.0.2.1"), "en", place), Answer::place);
  EXPECT_TRUE(file->usable());
  fs::resize_file(folder / "x.mmdb", 0);
  EXPECT_FALSE(file->usable());
  EXPECT_EQ(file->find(address("192.0.2.1"), "en", place), Answer::place);
}

TEST(Database, OfALargeFileCutShortInPlaceNothingElseIsKnown) {
  const Folder folder;
  fs::copy_file(demo, folder / "x.mmdb");
  const auto file = Database::open(folder / "x.mmdb", 0);
  fs::resize_file(folder / "x.mmdb", 0);
  Location place;
  EXPECT_NE(file->find(address("192.0.2.1"), "en", place), Answer::place);
  EXPECT_FALSE(file->usable());
}

TEST(Database, ALargeFileThatWasReplacedByRenameGoesOnBeingRead) {
  const Folder folder;
  fs::copy_file(demo, folder / "x.mmdb");
  const auto file = Database::open(folder / "x.mmdb", 0);
  replace(folder / "x.mmdb", data / "country.mmdb");
  Location place;
  EXPECT_EQ(file->find(address("192.0.2.1"), "en", place), Answer::place);
}

TEST(Database, DescribesItself) {
  EXPECT_EQ(Database::open(demo)->describe(),
            demo.string() + ": Innkeeper-Demo-City, built 2026-01-01");
}

}  // namespace innkeeper::location
