#include "commands/sessions.h"

namespace innkeeper::app {

Command sessions_command() {
  Command command{"sessions", "List, show and end sessions", "", {}, {}, {}};
  command.details =
      "A session is named by its id, which opens nothing; its key, which only the browser holds, "
      "is not shown.";
  command.children.push_back(sessions_list_command());
  command.children.push_back(sessions_show_command());
  command.children.push_back(sessions_revoke_command());
  return command;
}

}  // namespace innkeeper::app
