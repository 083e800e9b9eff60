#include "location/download.h"

#include "base/error.h"
#include "support.h"

namespace innkeeper::location {

namespace {

std::string target(const std::string& url) {
  DownloadRequest request;
  request.directory = "/geoip";
  request.direct_url = url;
  return download_target(request).string();
}

}  // namespace

// Next month's file takes the place of this month's.
TEST(DownloadTarget, IsTheNameInTheUrlWithoutDateAndPacking) {
  for (const char* name :
       {"dbip-city-lite.mmdb", "dbip-city-lite-2026-11.mmdb.gz", "dbip-city-lite_20261101.tar.gz",
        "dbip-city-lite.tgz", "dbip-city-lite-2026-11-01.mmdb?token=/x.mmdb",
        "dbip-city-lite-202611.mmdb#a"})
    EXPECT_EQ(target(std::string("https://host/free/") + name), "/geoip/dbip-city-lite.mmdb")
        << name;
}

TEST(DownloadTarget, KeepsNumbersThatAreNoDate) {
  EXPECT_EQ(target("https://host/city-ipv4.mmdb"), "/geoip/city-ipv4.mmdb");
  EXPECT_EQ(target("https://host/GeoLite2-City.mmdb"), "/geoip/GeoLite2-City.mmdb");
  EXPECT_EQ(target("https://host/ipv6-2026-11.mmdb"), "/geoip/ipv6.mmdb");
}

TEST(DownloadTarget, NeverLeavesTheFolder) {
  for (const char* url :
       {"https://host/", "https://host/..", "https://host/a%2fb.mmdb", "https://host/.hidden.mmdb",
        "https://host/.mmdb", "https://host/a b.mmdb", "?", "https://host/\xc3\xa9.mmdb"})
    EXPECT_EQ(target(url), "/geoip/location.mmdb") << url;
}

TEST(DownloadTarget, IsTheEditionWithoutAUrl) {
  DownloadRequest request;
  request.directory = "/geoip";
  request.edition = "GeoLite2-Country";
  EXPECT_EQ(download_target(request), "/geoip/GeoLite2-Country.mmdb");
}

TEST(Download, AsksForAKeyInAConfigError) {
  DownloadRequest request;
  request.directory = Folder().path();
  EXPECT_THROW(download(request), ConfigError);
}

}  // namespace innkeeper::location
