#include "location/location.h"

#include <iostream>
#include <memory>

#include "base/error.h"
#include "base/ip_address.h"
#include "commands/command.h"
#include "output/json_writer.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

struct Options {
  std::string address;
  bool as_json = false;
};

// The names that Django's GeoIP2.city() gives.
std::string as_json(const std::string& address, const std::optional<location::Location>& place) {
  JsonObject object;
  object.add("address", address);
  if (!place) return object.raw("location", "null").text();
  object.add("location", place->text()).add("city", place->city);
  object.add("continent_code", place->continent_code).add("continent_name", place->continent_name);
  object.add("country_code", place->country_code).add("country_name", place->country_name);
  object.add("region_code", place->region_code).add("region_name", place->region_name);
  object.add("postal_code", place->postal_code).add("time_zone", place->time_zone);
  object.add("latitude", place->latitude).add("longitude", place->longitude);
  object.raw("accuracy_radius",
             place->accuracy_radius ? std::to_string(*place->accuracy_radius) : "null");
  object.raw("metro_code", place->metro_code ? std::to_string(*place->metro_code) : "null");
  return object.add("is_in_european_union", place->is_in_european_union).text();
}

ExitCode run(const Options& options, Surroundings& around) {
  const auto address = IpAddress::parse(options.address);
  if (!address) throw ConfigError("\"" + options.address + "\" is no IP address");
  if (around.config.text("GEOIP_PATH").empty()) {
    throw ConfigError(
        "GEOIP_PATH is not set: name an .mmdb file (`innkeeper download_geoip_db` fetches one)");
  }
  const location::LocationReader& locations = around.house.locations();
  if (locations.describe().empty()) {  // the log has said why
    throw FileError(around.config.text("GEOIP_PATH") +
                    ": no location file there can be read (GEOIP_PATH)");
  }
  const auto place = locations.find(*address);
  if (options.as_json)
    std::cout << as_json(address->to_string(), place) << "\n";
  else if (place)
    std::cout << place->text() << "\n";
  else
    std::cerr << "innkeeper: no file knows where " << address->to_string() << " is\n";
  return place ? ExitCode::ok : ExitCode::nothing;
}

}  // namespace

Command location_command() {
  const auto options = std::make_shared<Options>();
  Command command{"location", "Say where an IP address is", "", {}, {}, {}};
  command.details =
      "Reads the files of GEOIP_PATH; nothing leaves this machine.\n"
      "\nExamples:\n"
      "  innkeeper location 89.160.20.112 --geoip-path /var/lib/GeoIP\n"
      "  innkeeper location 2001:db8::1 --json\n"
      "\nExit codes: 0 known · 1 no file knows it · 5 no file can be read";
  command.declare = [options](Arguments& arguments) {
    arguments.text("ADDRESS", options->address, "IPv4 or IPv6", true);
    arguments.flag("--json", options->as_json,
                   "One JSON object, with the fields of Django's GeoIP2");
  };
  command.run = [options](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace innkeeper::app
