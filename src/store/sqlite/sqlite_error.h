// SQLite's result codes as StoreErrors that say what to do.
#pragma once

#include <string>

#include "base/error.h"

struct sqlite3;

namespace innkeeper::store::sqlite {

// What a result code means, with the file and the mend. `db` (may be null) is asked for SQLite's
// own words.
StoreError error_of(sqlite3* db, int code, const std::string& file);

// Whether a connection that met this is good for another try, or had better be opened anew.
bool spoils_connection(StoreError::Kind kind);

}  // namespace innkeeper::store::sqlite
