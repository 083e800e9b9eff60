#include <iostream>
#include <memory>

#include "base/error.h"
#include "commands/command.h"
#include "location/download.h"
#include "output/json_writer.h"
#include "output/terminal.h"

namespace innkeeper::app {
namespace {

struct Options {
  std::string license_key;  // "(hidden)" where one was given, see take_arguments
  std::optional<std::string> base_url, path, direct_url, ca_file;
  std::vector<std::string> editions;
  bool as_json = false;
};

// GEOIP_PATH may be a file: its folder is where its successor goes.
std::filesystem::path folder(const Options& options, const Config& config) {
  std::filesystem::path path = options.path ? *options.path : config.text("GEOIP_PATH");
  if (path.empty()) {
    throw ConfigError("where to? Set GEOIP_PATH, or say -p FOLDER");
  }
  if (!options.path && path.extension() == ".mmdb") path = path.parent_path();
  return path.empty() ? "." : path;
}

location::DownloadRequest request_for(const Options& options, Surroundings& around) {
  location::DownloadRequest request;
  request.directory = folder(options, around.config);
  request.license_key =
      around.license_key.empty() ? around.config.secret("MAXMIND_LICENSE_KEY") : around.license_key;
  if (options.base_url) request.base_url = *options.base_url;
  if (options.direct_url) request.direct_url = *options.direct_url;
  if (options.ca_file) request.ca_file = *options.ca_file;
  if (request.license_key.empty() && request.direct_url.empty()) {
    throw ConfigError(
        "MAXMIND_LICENSE_KEY is not set. MaxMind gives one for free "
        "(https://www.maxmind.com/en/geolite2/signup); "
        "or name a file that needs none by --url, such as DB-IP's (https://db-ip.com/db/lite.php)");
  }
  return request;
}

std::string edition_name(const std::string& word) {
  if (word == "City" || word == "city") return "GeoLite2-City";
  return word == "Country" || word == "country" ? "GeoLite2-Country" : word;
}

// What is fetched, for the lines that say so. A direct URL may carry a key in its query: its file
// name is shown only.
std::string label_of(const location::DownloadRequest& request) {
  if (request.direct_url.empty()) return request.edition;
  const std::string path = request.direct_url.substr(0, request.direct_url.find_first_of("?#"));
  return path.substr(path.rfind('/') + 1);
}

location::DownloadResult fetch(location::DownloadRequest& request) {
  ProgressBar bar(label_of(request) + ":");
  request.progress = [&bar](std::uint64_t done, std::uint64_t total) { bar.show(done, total); };
  return location::download(request);
}

ExitCode run(const Options& options, Surroundings& around) {
  location::DownloadRequest request = request_for(options, around);
  std::vector<std::string> editions = options.editions;
  if (editions.empty()) editions = {"City", "Country"};
  if (!request.direct_url.empty()) editions = {"City"};  // the URL alone says which
  for (const std::string& edition : editions) {
    request.edition = edition_name(edition);
    location::DownloadResult result;
    try {
      result = fetch(request);
    } catch (const FileError&) {
      throw;
    } catch (const Error& error) {
      std::cerr << "innkeeper: " << label_of(request) << ": " << error.what() << "\n";
      return ExitCode::network;
    }
    const char* what = result == location::DownloadResult::replaced ? "replaced" : "not modified";
    JsonObject object;
    object.add("name", label_of(request))
        .add("directory", request.directory.string())
        .add("result", what);
    if (options.as_json)
      std::cout << object.text() << "\n";
    else
      std::cout << label_of(request) << " in " << request.directory.string() << ": " << what
                << "\n";
  }
  return ExitCode::ok;
}

}  // namespace

Command download_geoip_db_command() {
  const auto options = std::make_shared<Options>();
  Command command{
      "download_geoip_db", "Fetch the file that says where addresses are", "", {}, {}, {}};
  command.details =
      "GeoLite2-City and GeoLite2-Country from MaxMind into GEOIP_PATH, by a free licence key; or "
      "any .mmdb, .mmdb.gz\n"
      "or .tar.gz by --url. The new file is checked and then put in place by rename; a server that "
      "runs takes it up.\n"
      "\nA key on the command line is wiped from the process list at once, but stays in the "
      "shell's history: the\n"
      "variable MAXMIND_LICENSE_KEY, or MAXMIND_LICENSE_KEY_FILE, is better.\n"
      "\nExamples:\n"
      "  MAXMIND_LICENSE_KEY_FILE=/etc/innkeeper/maxmind innkeeper download_geoip_db -p "
      "/var/lib/GeoIP\n"
      "  innkeeper download_geoip_db -p . --url "
      "https://download.db-ip.com/free/dbip-city-lite-2030-01.mmdb.gz\n"
      "\nExit codes: 0 replaced, or nothing newer · 2 no key or no folder · 4 the download failed, "
      "what was there stays";
  command.declare = [options](Arguments& arguments) {
    arguments.text("-k,--license-key", options->license_key,
                   "MaxMind's licence key; better: MAXMIND_LICENSE_KEY or MAXMIND_LICENSE_KEY_FILE",
                   false);
    arguments.optional_text("-u,--maxmind-geoip-download-base-url", options->base_url,
                            "Where MaxMind's downloads are, if they moved");
    arguments.optional_text("-p,--path", options->path,
                            "The folder to put it in, instead of GEOIP_PATH");
    arguments.optional_text("--url", options->direct_url, "This file instead, without a key");
    arguments.texts("--edition", options->editions,
                    "City, Country or MaxMind's name of one; both by default");
    arguments.optional_text("--ca-file", options->ca_file,
                            "Certificates to trust instead of the system's");
    arguments.flag("--json", options->as_json, "One JSON object a file");
  };
  command.run = [options](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace innkeeper::app
