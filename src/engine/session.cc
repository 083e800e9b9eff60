#include "engine/session.h"

#include <algorithm>

#include "codec/json.h"
#include "engine/state.h"

namespace innkeeper::engine {

Fields& Session::members() const {
  if (m_unread) {
    m_unread = false;
    if (auto fields = codec::parse_object(m_snapshot->content)) m_fields = *std::move(fields);
  }
  return m_fields;
}

void Session::set(std::string_view name, std::string json) {
  mark_modified();
  Fields& fields = members();
  const auto there =
      std::find_if(fields.begin(), fields.end(), [name](const Field& f) { return f.name == name; });
  if (there != fields.end()) {
    there->value = std::move(json);
  } else {
    fields.push_back({std::string(name), std::move(json)});
  }
}

void Session::remove(std::string_view name) {
  if (std::erase_if(members(), [name](const Field& f) { return f.name == name; }) > 0)
    m_modified = true;
}

void Session::clear() {
  mark_modified();
  m_unread = false;
  m_fields.clear();
}

void Session::set_expiry(std::optional<std::int64_t> seconds) {
  if (seconds) {
    set("_session_expiry", std::to_string(*seconds));
  } else {
    remove("_session_expiry");
  }
}

bool Session::replace(std::string_view json) {
  auto fields = codec::parse_object(json);
  if (!fields) return false;
  mark_modified();
  m_unread = false;
  m_fields = std::move(*fields);
  return true;
}

bool Session::replace_opaque(std::string content, std::string_view known) {
  if (!replace(known)) return false;
  m_opaque = std::move(content);
  return true;
}

Session SessionAccess::loaded(std::optional<SessionKey> key, Snapshot snapshot, Sight sight,
                              Commit commit, bool readable) {
  Session session;
  session.m_key = std::move(key);
  session.m_snapshot = std::move(snapshot);
  session.m_sight = sight;
  session.m_commit = std::move(commit);
  session.m_unread = readable && !session.m_snapshot->content.empty();
  return session;
}

}  // namespace innkeeper::engine
