#include <iostream>
#include <memory>

#include "codec/json.h"
#include "commands/session_output.h"
#include "commands/session_selection.h"
#include "commands/sessions.h"
#include "device/device.h"
#include "engine/engine.h"
#include "output/json_writer.h"
#include "output/plain_text.h"
#include "wiring.h"

namespace innkeeper::app {
namespace {

struct Options {
  std::string id;
  bool data = false, as_json = false;
};

std::string line(std::string label, const std::string& text) {
  label.resize(14, ' ');
  return label + printable(text) + "\n";
}

std::string for_people(const store::SessionSummary& session, House& house) {
  const auto device = house.devices().read(session.client.user_agent, session.client.client_hints);
  const auto place = session.client.ip ? house.locations().find(*session.client.ip) : std::nullopt;
  const auto user = session.user_id ? house.accounts().find(*session.user_id) : std::nullopt;
  std::string text = line("Session", session.id.text());
  text += line("User", user              ? user->username
                       : session.user_id ? "user " + *session.user_id
                                         : "(visitor)");
  text += line("Device", device->sentence());
  text += line("User-Agent", json(session.client.user_agent));
  text += line("Address", session.client.ip ? session.client.ip->to_string() : "");
  text += line("Place", place ? place->text() : "");
  text += line("Started", short_time(session.created_at)) +
          line("Saved", short_time(session.updated_at));
  text += line("Last active", short_time(session.last_activity));
  text += line("Ends", short_time(house.engine().ends_at(session)));
  return text + line("State", house.engine().is_active(session) ? "active" : "expired");
}

// A session that is no more, as the history has it.
ExitCode show_ended(const Options& options, House& house, const session::SessionId& id) {
  store::EndedFilter filter;
  filter.session_key = id;
  const store::EndedPage history = house.engine().history(filter, std::nullopt, 1);
  if (options.as_json) {
    const std::string ended =
        history.records.empty() ? "null" : ended_json(history.records.front());
    std::cout << JsonObject().raw("ended", ended).text() << "\n";
  } else if (history.records.empty()) {
    std::cerr << "innkeeper: no such session\n";
  } else {
    const store::EndedRecord& ended = history.records.front();
    std::cout << "Ended " << short_time(ended.ended_at) << ": " << store::to_string(ended.reason)
              << (ended.actor.empty() ? "" : ", by " + printable(ended.actor)) << "\n";
  }
  return ExitCode::nothing;
}

std::string data_of(House& house, const session::SessionId& id) {
  const auto session = house.engine().peek(id);
  return session ? codec::join_object(session->fields()) : "null";
}

ExitCode run(const Options& options, Surroundings& around) {
  House& house = around.house;
  const session::SessionId id = session_id(options.id);
  store::SessionFilter filter;
  filter.only = id;
  const store::SessionPage page = house.engine().list(filter, {});
  if (page.sessions.empty()) return show_ended(options, house, id);
  if (options.as_json) {
    std::string object = sessions_json(page.sessions, house).front();
    if (options.data) object.insert(object.size() - 1, ",\"data\":" + data_of(house, id));
    std::cout << object << "\n";
    return ExitCode::ok;
  }
  std::cout << for_people(page.sessions.front(), house);
  if (options.data) std::cout << "Data\n" << codec::indented_json(data_of(house, id)) << "\n";
  return ExitCode::ok;
}

}  // namespace

Command sessions_show_command() {
  const auto options = std::make_shared<Options>();
  Command command{"show", "Show one session, or how it ended", "", {}, {}, {}};
  command.details =
      "Exit codes: 0 it is there · 1 it is not; where the history knows how it ended, that is "
      "said\n"
      "(with --json {\"ended\": …}, or {\"ended\": null})";
  command.declare = [options](Arguments& arguments) {
    arguments.text("ID", options->id, "The session's id, 40 hexadecimal digits", true);
    arguments.flag("--data", options->data, "Its decoded data too");
    arguments.flag("--json", options->as_json, "One JSON object");
  };
  command.run = [options](Surroundings& around) { return run(*options, around); };
  return command;
}

}  // namespace innkeeper::app
