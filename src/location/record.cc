#include "location/record.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "location/countries.h"
#include "location/plain_text.h"

namespace innkeeper::location {

namespace {

enum class Field {
  accuracy_radius,
  city,
  code,
  continent,
  continent_code,
  continent_name,
  country,
  country_code,
  country_name,
  is_in_european_union,
  latitude,
  location,
  longitude,
  metro_code,
  names,
  postal_code,
  region_code,
  region_name,
  subdivisions,
  time_zone,
  unknown,
};

struct Name {
  std::string_view name;
  Field field;
};

// What the files call a field. The first name of a field that a record holds wins.
constexpr std::array names = std::to_array<Name>({
    {"accuracy_radius", Field::accuracy_radius},
    {"city", Field::city},
    {"city_name", Field::city},
    {"code", Field::code},
    {"continent", Field::continent},
    {"continent_code", Field::continent_code},
    {"continent_name", Field::continent_name},
    {"country", Field::country},
    {"country_code", Field::country_code},
    {"country_name", Field::country_name},
    {"is_in_european_union", Field::is_in_european_union},
    {"iso_code", Field::code},
    {"lat", Field::latitude},
    {"latitude", Field::latitude},
    {"lng", Field::longitude},
    {"location", Field::location},
    {"lon", Field::longitude},
    {"longitude", Field::longitude},
    {"metro_code", Field::metro_code},
    {"names", Field::names},
    {"postal", Field::postal_code},
    {"postal_code", Field::postal_code},
    {"postcode", Field::postal_code},
    {"region", Field::region_name},
    {"region_code", Field::region_code},
    {"region_name", Field::region_name},
    {"state", Field::region_name},
    {"state1", Field::region_name},
    {"state_code", Field::region_code},
    {"stateprov", Field::region_name},
    {"stateprov_code", Field::region_code},
    {"subdivisions", Field::subdivisions},
    {"time_zone", Field::time_zone},
    {"timezone", Field::time_zone},
    {"zip_code", Field::postal_code},
    {"zipcode", Field::postal_code},
});

// Where a name of two letters or more stands in `places`; the factors are such that the names above
// share none.
constexpr std::size_t place_of(std::string_view name) {
  const auto letter = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(name[at]));
  };
  const std::size_t size = name.size();
  return (size * 15 + letter(0) * 38 + letter(size / 2) * 61 + letter(size - 2) * 7) % 128;
}

// Index in `names` + 1 by place; 0 is nothing. A look-up is one comparison.
constexpr auto places = [] {
  std::array<std::uint8_t, 128> table{};
  for (std::size_t i = 0; i < names.size(); ++i)
    table[place_of(names[i].name)] = static_cast<std::uint8_t>(i + 1);
  return table;
}();
static_assert(std::all_of(names.begin(), names.end(),
                          [](const Name& name) {
                            return names[places[place_of(name.name)] - 1u].name == name.name;
                          }),
              "two names share a place: choose other factors");

Field field_called(std::string_view name) {
  const std::size_t index = name.size() < 2 ? 0 : places[place_of(name)];
  return index != 0 && names[index - 1].name == name ? names[index - 1].field : Field::unknown;
}

void set(std::string& field, const Value& value) {
  if (field.empty() && value.kind == Value::Kind::text && is_plain_text(value.text))
    field = value.text;
}

void set_degrees(std::optional<double>& field, const Value& value, double limit) {
  double degrees = value.number;
  if (value.kind == Value::Kind::text) {
    const char* end = value.text.data() + value.text.size();
    const auto read = std::from_chars(value.text.data(), end, degrees);
    if (read.ec != std::errc{} || read.ptr != end) return;
  } else if (value.kind != Value::Kind::number && value.kind != Value::Kind::integer) {
    return;
  }
  if (std::isfinite(degrees) && std::abs(degrees) <= limit && !field) field = degrees;
}

void set_count(std::optional<int>& field, const Value& value) {
  constexpr std::uint64_t most = 1'000'000;
  if (value.kind == Value::Kind::integer && value.integer <= most)
    field = static_cast<int>(value.integer);
}

constexpr int best_welcome = 3;

// How welcome a name in language `have` is to somebody who wants `want`: 0 is "as good as any".
int welcome(std::string_view have, std::string_view want) {
  const auto same = [](std::string_view a, std::string_view b) {
    return a[0] == b[0] && a[1] == b[1];
  };
  // Two letters each, nearly always: not worth a call.
  if (have.size() == 2 && want.size() == 2)
    return same(have, want) ? best_welcome : same(have, "en") ? 1 : 0;
  const auto base = [](std::string_view language) {
    return language.substr(0, language.find_first_of("-_"));
  };
  if (have == want) return best_welcome;
  if (base(have) == base(want)) return 2;
  return have == "en" ? 1 : 0;
}

// Fills one Location from one record; a member function for each map that a record may hold.
class Record {
 public:
  Record(DataReader& reader, std::string_view language, Location& place)
      : m_reader(reader), m_language(language), m_place(place) {}

  bool read(Value& record) {
    return m_reader.each_member(record, [this](std::string_view key, Value& value) {
      const Field field = field_called(key);
      if (value.kind == Value::Kind::map) return read_map(field, value);
      if (value.kind == Value::Kind::array)
        return field != Field::subdivisions || read_subdivisions(value);
      read_flat(field, value);
      return true;
    });
  }

 private:
  bool read_map(Field field, Value& map) {
    switch (field) {
      case Field::city:
        return read_named(map, m_place.city, nullptr);
      case Field::continent:
        return read_named(map, m_place.continent_name, &m_place.continent_code);
      case Field::country:
        return read_country(map);
      case Field::postal_code:
        return read_named(map, m_ignored, &m_place.postal_code);
      case Field::location:
        return read(map);  // its fields carry the names of the flat ones
      default:
        return true;
    }
  }

  bool read_country(Value& map) {
    m_place.is_in_european_union = false;  // the nested schema says it only where it is so
    return read_named(map, m_place.country_name, &m_place.country_code);
  }

  bool read_named(Value& map, std::string& name, std::string* code) {
    return m_reader.each_member(map, [&](std::string_view key, Value& value) {
      const Field field = field_called(key);
      if (field == Field::names && value.kind == Value::Kind::map) return read_names(value, name);
      if (field == Field::code && code != nullptr) set(*code, value);
      if (field == Field::is_in_european_union) read_flat(field, value);
      return true;
    });
  }

  bool read_names(Value& map, std::string& name) {
    int best = -1;
    Value chosen;
    const bool sound = m_reader.each_member(map, [&](std::string_view language, Value& value) {
      const int rank = welcome(language, m_language);
      if (rank > best) chosen = value;
      best = std::max(best, rank);
      map.enough = best == best_welcome;
      return true;
    });
    set(name, chosen);
    return sound;
  }

  // The largest part of the country comes first; that is the region.
  bool read_subdivisions(Value& array) {
    bool first = true;
    return m_reader.each_element(array, [&](Value& element) {
      if (!std::exchange(first, false) || element.kind != Value::Kind::map) return true;
      return read_named(element, m_place.region_name, &m_place.region_code);
    });
  }

  void read_flat(Field field, const Value& value) {
    const auto code_or_name = [&](std::string& code, std::string& name) {
      set(value.text.size() == 2 ? code : name, value);
    };
    switch (field) {
      case Field::accuracy_radius:
        return set_count(m_place.accuracy_radius, value);
      case Field::metro_code:
        return set_count(m_place.metro_code, value);
      case Field::latitude:
        return set_degrees(m_place.latitude, value, 90);
      case Field::longitude:
        return set_degrees(m_place.longitude, value, 180);
      case Field::city:
        return set(m_place.city, value);
      case Field::continent:
        return code_or_name(m_place.continent_code, m_place.continent_name);
      case Field::continent_code:
        return set(m_place.continent_code, value);
      case Field::continent_name:
        return set(m_place.continent_name, value);
      case Field::country:
        return code_or_name(m_place.country_code, m_place.country_name);
      case Field::country_code:
        return set(m_place.country_code, value);
      case Field::country_name:
        return set(m_place.country_name, value);
      case Field::postal_code:
        return set(m_place.postal_code, value);
      case Field::region_code:
        return set(m_place.region_code, value);
      case Field::region_name:
        return set(m_place.region_name, value);
      case Field::time_zone:
        return set(m_place.time_zone, value);
      case Field::is_in_european_union:
        if (value.kind == Value::Kind::boolean) m_place.is_in_european_union = value.integer == 1;
        return;
      default:
        return;
    }
  }

  DataReader& m_reader;
  std::string_view m_language;
  Location& m_place;
  std::string m_ignored;
};

// Flat files tell a country's code only.
void complete(Location& place) {
  if (place.country_code.empty() || (!place.country_name.empty() && !place.continent_code.empty()))
    return;
  const Country* country = country_with_code(place.country_code);
  if (country == nullptr) return;
  if (place.country_name.empty()) place.country_name = country->name;
  if (place.continent_code.empty()) place.continent_code = country->continent;
  if (place.continent_name.empty()) place.continent_name = continent_name(place.continent_code);
}

// Half a position is none.
void pair_coordinates(Location& place) {
  if (place.latitude.has_value() == place.longitude.has_value()) return;
  place.latitude.reset();
  place.longitude.reset();
}

}  // namespace

bool read_record(DataReader& reader, std::size_t at, std::string_view language, Location& place) {
  Value record;
  if (!reader.read(at, record)) return false;
  if (record.kind != Value::Kind::map) return reader.check(record);
  if (!Record(reader, language, place).read(record)) return false;
  complete(place);
  pair_coordinates(place);
  return true;
}

bool says_something(const Location& place) {
  return !place.country_code.empty() || !place.country_name.empty() || !place.city.empty() ||
         !place.continent_code.empty() || place.latitude.has_value();
}

}  // namespace innkeeper::location
