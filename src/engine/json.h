// For the layers above the engine, which don't see the codec: a session's values as people read
// them.
#pragma once

#include <string>

#include "codec/json.h"

namespace innkeeper::engine {

// The members of a session as indented JSON text. Texts of values are kept, not interpreted.
inline std::string readable_json(const Fields& fields) {
  return codec::indented_json(codec::join_object(fields));
}

}  // namespace innkeeper::engine
