#include <atomic>
#include <thread>

#include "location/database.h"
#include "location/location.h"
#include "support.h"

namespace innkeeper::location {

namespace {

std::string text_of(const LocationReader& reader, std::string_view where) {
  const auto place = reader.find(address(where));
  return place ? place->text() : "unknown";
}

}  // namespace

TEST(Location, IsSaidInOneLine) {
  Location place;
  EXPECT_EQ(place.text(), "");
  place.country_name = "Sweden";
  EXPECT_EQ(place.text(), "Sweden");
  place.city = "Linköping";
  EXPECT_EQ(place.text(), "Linköping, Sweden");
  place.country_name.clear();
  EXPECT_EQ(place.text(), "Linköping");
}

TEST(LocationReader, WithoutAPathKnowsNothingAndSaysNothing) {
  Lines log;
  const LocationReader reader("", log);
  EXPECT_EQ(text_of(reader, "192.0.2.1"), "unknown");
  EXPECT_EQ(reader.describe(), "");
  EXPECT_TRUE(log.warnings().empty());
}

TEST(LocationReader, ReadsTheDemoFile) {
  Lines log;
  const LocationReader reader(demo, log);
  EXPECT_EQ(text_of(reader, "192.0.2.9"), "Linköping, Sweden");
  EXPECT_EQ(text_of(reader, "203.0.113.241"), "Sweden");
  EXPECT_EQ(text_of(reader, "203.0.113.249"), "unknown");
  EXPECT_NE(text_of(reader, "2001:db8:1234::1"), "unknown");
  const LocationReader persian(demo, log, "fa");
  EXPECT_EQ(text_of(persian, "192.0.2.9"), "لینشوپینگ, سوئد");
}

TEST(LocationReader, IsQuietAboutLocalAndUnknownAddresses) {
  Lines log;
  const LocationReader reader(demo, log);
  for (const char* where :
       {"127.0.0.1", "10.1.2.3", "::1", "fe80::1", "8.8.8.8", "2a00::1", "0.0.0.0"})
    EXPECT_EQ(text_of(reader, where), "unknown") << where;
  EXPECT_TRUE(log.warnings().empty());
}

TEST(LocationReader, AsksCityFilesBeforeCountryFiles) {
  const Folder folder;
  // By name, the Country file would come first.
  fs::copy_file(data / "country.mmdb", folder / "a-country.mmdb");
  fs::copy_file(data / "city.mmdb", folder / "b-city.mmdb");
  Lines log;
  const LocationReader reader(folder.path(), log);
  EXPECT_EQ(text_of(reader, "89.160.20.1"), "Linköping, Sweden");
  EXPECT_EQ(text_of(reader, "203.0.113.200"), "Sweden");
}

TEST(LocationReader, AsksTheFileOfTheFamily) {
  const Folder folder;
  fs::copy_file(data / "flat-v4.mmdb", folder / "ipv4.mmdb");
  fs::copy_file(data / "flat-v6.mmdb", folder / "ipv6.mmdb");
  Lines log;
  const LocationReader reader(folder.path(), log);
  EXPECT_EQ(text_of(reader, "198.51.100.7"), "Lyon, France");
  EXPECT_EQ(text_of(reader, "2001:db8:2::1"), "Lima, Peru");
}

TEST(LocationReader, GoesPastAFileWithoutPlaces) {
  const Folder folder;
  fs::copy_file(data / "asn.mmdb", folder / "asn.mmdb");
  fs::copy_file(demo, folder / "demo.mmdb");
  Lines log;
  const LocationReader reader(folder.path(), log);
  EXPECT_EQ(text_of(reader, "192.0.2.9"), "Linköping, Sweden");
}

TEST(LocationReader, NamesAMissingFileOnceAndTakesItWhenItComes) {
  const Folder folder;
  Lines log;
  const LocationReader reader(folder / "later.mmdb", log);
  reader.refresh();
  ASSERT_EQ(log.warnings().size(), 1u);
  EXPECT_NE(log.warnings()[0].find((folder / "later.mmdb").string()), std::string::npos);
  fs::copy_file(demo, folder / "later.mmdb");
  reader.refresh();
  EXPECT_EQ(text_of(reader, "192.0.2.9"), "Linköping, Sweden");
}

TEST(LocationReader, SaysThatAFolderIsEmpty) {
  const Folder folder;
  Lines log;
  const LocationReader reader(folder.path(), log);
  ASSERT_EQ(log.warnings().size(), 1u);
  EXPECT_NE(log.warnings()[0].find("no .mmdb file"), std::string::npos);
}

TEST(LocationReader, LeavesABrokenFileOutAndNamesItOnce) {
  const Folder folder;
  fs::copy_file(demo, folder / "good.mmdb");
  fs::copy_file(data / "refused" / "cut.mmdb", folder / "bad.mmdb");
  Lines log;
  const LocationReader reader(folder.path(), log);
  reader.refresh();
  EXPECT_EQ(text_of(reader, "192.0.2.9"), "Linköping, Sweden");
  ASSERT_EQ(log.warnings().size(), 1u);
  EXPECT_TRUE(log.warnings()[0].starts_with((folder / "bad.mmdb").string() + ": "));
}

TEST(LocationReader, SwapsInAReplacedFile) {
  const Folder folder;
  fs::copy_file(data / "country.mmdb", folder / "x.mmdb");
  Lines log;
  const LocationReader reader(folder / "x.mmdb", log);
  EXPECT_EQ(text_of(reader, "89.160.20.1"), "Sweden");
  replace(folder / "x.mmdb", data / "city.mmdb");
  EXPECT_EQ(text_of(reader, "89.160.20.1"), "Sweden");
  reader.refresh();
  EXPECT_EQ(text_of(reader, "89.160.20.1"), "Linköping, Sweden");
  EXPECT_TRUE(log.warnings().empty());
}

TEST(LocationReader, FollowsFilesThatComeAndGo) {
  const Folder folder;
  fs::copy_file(data / "country.mmdb", folder / "country.mmdb");
  Lines log;
  const LocationReader reader(folder.path(), log);
  fs::copy_file(data / "city.mmdb", folder / "city.mmdb");
  reader.refresh();
  EXPECT_EQ(text_of(reader, "89.160.20.1"), "Linköping, Sweden");
  fs::remove(folder / "city.mmdb");
  reader.refresh();
  EXPECT_EQ(text_of(reader, "89.160.20.1"), "Sweden");
}

// Removed and written anew, or a disk that is away for a moment.
TEST(LocationReader, KeepsWhatItHasWhereThePathItselfIsGone) {
  const Folder folder;
  fs::copy_file(demo, folder / "x.mmdb");
  Lines log;
  const LocationReader reader(folder / "x.mmdb", log);
  fs::remove(folder / "x.mmdb");
  reader.refresh();
  reader.refresh();
  EXPECT_EQ(text_of(reader, "192.0.2.9"), "Linköping, Sweden");
  ASSERT_EQ(log.warnings().size(), 1u);
  EXPECT_NE(log.warnings()[0].find("stays in use"), std::string::npos);
}

TEST(LocationReader, KeepsWhatItHasWhereTheNewFileIsBroken) {
  const Folder folder;
  fs::copy_file(demo, folder / "x.mmdb");
  Lines log;
  const LocationReader reader(folder / "x.mmdb", log);
  replace(folder / "x.mmdb", data / "refused" / "cut.mmdb");
  reader.refresh();
  reader.refresh();
  EXPECT_EQ(text_of(reader, "192.0.2.9"), "Linköping, Sweden");
  ASSERT_EQ(log.warnings().size(), 1u);
  EXPECT_NE(log.warnings()[0].find("stays in use"), std::string::npos);
  replace(folder / "x.mmdb", data / "city.mmdb");
  reader.refresh();
  EXPECT_EQ(text_of(reader, "89.160.20.1"), "Linköping, Sweden");
}

TEST(LocationReader, IgnoresWhatADownloadHasNotFinished) {
  const Folder folder;
  fs::copy_file(demo, folder / ".innkeeper-download-abc.mmdb");
  fs::copy_file(demo, folder / "demo.mmdb.gz");
  Lines log;
  EXPECT_EQ(LocationReader(folder.path(), log).describe(), "");
}

TEST(LocationReader, LooksForChangesByItselfEveryTenSeconds) {
  const Folder folder;
  fs::copy_file(data / "country.mmdb", folder / "x.mmdb");
  Lines log;
  ManualClock clock;
  const LocationReader reader(folder / "x.mmdb", log, "en", &clock);
  replace(folder / "x.mmdb", data / "city.mmdb");
  clock.advance(Seconds(9));
  EXPECT_EQ(text_of(reader, "89.160.20.1"), "Sweden");
  clock.advance(Seconds(1));
  EXPECT_EQ(text_of(reader, "89.160.20.1"), "Linköping, Sweden");
}

TEST(LocationReader, GoesOnLookingWhenTheClockIsSetBack) {
  const Folder folder;
  fs::copy_file(data / "country.mmdb", folder / "x.mmdb");
  Lines log;
  ManualClock clock;
  const LocationReader reader(folder / "x.mmdb", log, "en", &clock);
  replace(folder / "x.mmdb", data / "city.mmdb");
  clock.advance(Seconds(-86400));
  EXPECT_EQ(text_of(reader, "89.160.20.1"), "Linköping, Sweden");
}

TEST(LocationReader, LooksUpWhileFilesAreSwapped) {
  const Folder folder;
  fs::copy_file(data / "city.mmdb", folder / "x.mmdb");
  Lines log;
  const LocationReader reader(folder / "x.mmdb", log);
  std::atomic<bool> done{false};
  std::atomic<int> unknown{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (!done) {
        if (text_of(reader, "89.160.20.1") == "unknown") ++unknown;
      }
    });
  }
  // A log line from inside may come back for a look-up: no lock is held then.
  for (int i = 0; i < 100; ++i) {
    replace(folder / "x.mmdb", data / (i % 2 == 0 ? "country.mmdb" : "city.mmdb"));
    reader.refresh();
  }
  done = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(unknown, 0);
  EXPECT_TRUE(log.warnings().empty());
}

TEST(LocationReader, WritesToTheLogWithoutHoldingALock) {
  // A log that asks the reader for something, as one in another language may have to wait for
  // somebody who does.
  class Asking final : public Log {
   public:
    void write(LogLevel, std::string_view, std::string_view) noexcept override {
      if (reader != nullptr && asked++ == 0) reader->refresh();
    }
    const LocationReader* reader = nullptr;
    int asked = 0;
  };
  const Folder folder;
  fs::copy_file(data / "city.mmdb", folder / "x.mmdb");
  Asking log;
  const LocationReader reader(folder / "x.mmdb", log);
  log.reader = &reader;
  replace(folder / "x.mmdb", data / "country.mmdb");
  reader.refresh();
  EXPECT_GT(log.asked, 0);
}

TEST(LocationReader, DescribesEveryFile) {
  const Folder folder;
  fs::copy_file(data / "country.mmdb", folder / "country.mmdb");
  fs::copy_file(data / "city.mmdb", folder / "city.mmdb");
  Lines log;
  const LocationReader reader(folder.path(), log);
  EXPECT_EQ(reader.describe(), (folder / "city.mmdb").string() + ": Test-City, built 2026-01-01\n" +
                                   (folder / "country.mmdb").string() +
                                   ": Test-Country, built 2026-01-01\n");
}

}  // namespace innkeeper::location
