// What hides behind a public Session: the engine's.
#pragma once

#include <innkeeper/session.h>

#include "engine/session.h"

namespace innkeeper {

struct Session::State {
  engine::Session session;
};

}  // namespace innkeeper
