// One record of a location file → a Location, whichever schema the file follows.
//
// Nested (MaxMind, DB-IP's own): {"city": {"names": {"en": …}}, "country": {"iso_code", "names"},
// "location": {…}, …}. Flat (ip-location-db, IPinfo and others): {"city": "Lyon", "country_code":
// "FR", "state1": …, "latitude": …, …}. A record may mix both. What is not text in UTF-8 without
// control characters, not a finite number or out of its range is left out, so that nothing odd of a
// file reaches a page.
#pragma once

#include <cstddef>
#include <string_view>

#include "location/data_reader.h"
#include "location/location.h"

namespace innkeeper::location {

// Reads the record at `at` into `place`, names in `language` (else in its base language, English,
// or the first that is there). False where the record is damaged. A sound record without a place
// leaves `place` empty.
bool read_record(DataReader& reader, std::size_t at, std::string_view language, Location& place);

// Whether anything is known.
bool says_something(const Location& place);

}  // namespace innkeeper::location
