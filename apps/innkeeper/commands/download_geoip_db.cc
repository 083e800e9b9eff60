#include <algorithm>
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

// -p is a folder. GEOIP_PATH is one, or the one file that a site reads: then a direct URL's file
// takes its place and its name.
void set_target(location::DownloadRequest& request, const Options& options, const Config& config) {
  const std::filesystem::path path = options.path ? *options.path : config.text("GEOIP_PATH");
  if (path.empty()) throw ConfigError("where to? Set GEOIP_PATH, or say -p FOLDER");
  const bool is_file = !options.path && path.extension() == ".mmdb";
  request.directory = is_file ? path.parent_path() : path;
  if (request.directory.empty()) request.directory = ".";
  if (is_file && !request.direct_url.empty()) request.file_name = path.filename().string();
}

location::DownloadRequest request_for(const Options& options, Surroundings& around) {
  location::DownloadRequest request;
  request.license_key =
      around.license_key.empty() ? around.config.secret("MAXMIND_LICENSE_KEY") : around.license_key;
  if (options.base_url) request.base_url = *options.base_url;
  if (options.direct_url) request.direct_url = *options.direct_url;
  if (options.direct_url == "") throw ConfigError("--url is empty: give a file's address");
  if (options.ca_file) request.ca_file = *options.ca_file;
  set_target(request, options, around.config);
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
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.empty() ? location::download_target(request).filename().string() : name;
}

std::vector<std::string> editions_of(const Options& options) {
  if (options.direct_url) return {""};  // the URL alone says which
  if (options.editions.empty()) return {edition_name("City"), edition_name("Country")};
  std::vector<std::string> names;
  for (const std::string& word : options.editions) names.push_back(edition_name(word));
  return names;
}

// Where GEOIP_PATH is one file, something must go there: else it would be fetched in vain.
void check_target(const Options& options, const std::vector<std::string>& editions,
                  const Config& config) {
  const std::filesystem::path path = config.text("GEOIP_PATH");
  if (options.path || options.direct_url || path.extension() != ".mmdb") return;
  if (std::ranges::find(editions, path.stem().string()) != editions.end()) return;
  throw ConfigError("GEOIP_PATH names the file " + path.string() +
                    ", which MaxMind's editions are not called: let it name the folder, or say -p");
}

location::DownloadResult fetch(location::DownloadRequest& request) {
  ProgressBar bar(label_of(request) + ":");
  request.progress = [&bar](std::uint64_t done, std::uint64_t total) { bar.show(done, total); };
  return location::download(request);
}

void say(const Options& options, const location::DownloadRequest& request,
         location::DownloadResult result) {
  const char* what = result == location::DownloadResult::replaced ? "replaced" : "not modified";
  const std::string name = label_of(request);
  const std::string file = location::download_target(request).string();
  if (options.as_json) {
    JsonObject object;
    object.add("name", name).add("directory", request.directory.string());
    std::cout << object.add("file", file).add("result", what).text() << "\n";
  } else {
    std::cout << name << " as " << file << ": " << what << "\n";
  }
}

// Each edition is tried, whatever became of the one before.
ExitCode run(const Options& options, Surroundings& around) {
  location::DownloadRequest request = request_for(options, around);
  const std::vector<std::string> editions = editions_of(options);
  check_target(options, editions, around.config);
  ExitCode code = ExitCode::ok;
  for (const std::string& edition : editions) {
    request.edition = edition;
    try {
      say(options, request, fetch(request));
    } catch (const ConfigError&) {
      throw;
    } catch (const FileError&) {
      throw;
    } catch (const Error& error) {
      std::cerr << "innkeeper: " << label_of(request) << ": " << error.what() << "\n";
      code = ExitCode::network;
    }
  }
  return code;
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
      "\nExit codes: 0 replaced, or nothing newer · 2 no key or no folder · 4 a download failed, "
      "what was there stays ·\n"
      "5 the folder cannot be written to";
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
