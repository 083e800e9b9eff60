// The children of `innkeeper sessions`.
#pragma once

#include "commands/command.h"

namespace innkeeper::app {

Command sessions_list_command();
Command sessions_show_command();
Command sessions_revoke_command();

}  // namespace innkeeper::app
