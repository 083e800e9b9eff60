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

std::optional<std::string> known(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::int64_t> known(const std::optional<int>& number) { return number; }

// The names that Django's GeoIP2.city() gives, its two older ones included, and null where it gives
// None.
std::string as_json(const std::string& address, const std::optional<location::Location>& place) {
  JsonObject object;
  object.add("address", address);
  if (!place) return object.raw("location", "null").text();
  const auto metro_code = known(place->metro_code);
  const auto region_code = known(place->region_code);
  object.add("location", place->text()).add("city", known(place->city));
  object.add("continent_code", known(place->continent_code));
  object.add("continent_name", known(place->continent_name));
  object.add("country_code", known(place->country_code));
  object.add("country_name", known(place->country_name));
  object.add("region_code", region_code).add("region_name", known(place->region_name));
  object.add("postal_code", known(place->postal_code)).add("time_zone", known(place->time_zone));
  object.add("latitude", place->latitude).add("longitude", place->longitude);
  object.add("accuracy_radius", known(place->accuracy_radius)).add("metro_code", metro_code);
  object.add("is_in_european_union", place->is_in_european_union);
  return object.add("dma_code", metro_code).add("region", region_code).text();
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
