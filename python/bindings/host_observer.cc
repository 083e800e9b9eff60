#include "host_observer.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include "device.h"
#include "errors.h"

namespace innkeeper::python {

namespace {

// The outcome stands: who only wants to know of it can't undo it.
template <class Call>
void guarded(const char* doing, const Call& call) noexcept {
  const nb::gil_scoped_acquire gil;
  try {
    call();
  } catch (nb::python_error& error) {
    if (is_error(error)) return error.discard_as_unraisable(doing);
    raise_later(error);
  } catch (...) {
    // Nothing that could be said: only Python raises here.
  }
}

const char* word(engine::Observer::Event event) {
  switch (event) {
    case engine::Observer::Event::started:
      return "started";
    case engine::Observer::Event::client_changed:
      return "client_changed";
    case engine::Observer::Event::ended:
      break;
  }
  return "ended";
}

nb::object ip_of(const session::Client& client) {
  return client.ip ? nb::object(nb::str(client.ip->to_string().c_str())) : nb::none();
}

nb::tuple to_tuple(const session::Client& client) {
  return nb::make_tuple(ip_of(client), client.user_agent, client.client_hints);
}

}  // namespace

bool HostObserver::wants(Event event) {
  bool wanted = false;
  guarded("innkeeper: asking who listens",
          [&] { wanted = nb::cast<bool>(m_host.attr("wants")(word(event))); });
  return wanted;
}

const device::DeviceReader* HostObserver::devices() {
  const device::DeviceReader* reader = nullptr;
  guarded("innkeeper: asking who listens to new devices", [&] {
    const nb::object given = m_host.attr("devices")();
    if (given.is_none()) return;
    if (!m_devices.is_valid()) m_devices = given;
    reader = &nb::cast<PythonDeviceReader&>(m_devices).reader;
  });
  return reader;
}

void HostObserver::started(const engine::Started& session) {
  guarded("innkeeper: telling of a session's start", [&] {
    m_host.attr("started")(session.id.text(), session.user_id, ip_of(session.client),
                           session.client.user_agent, session.client.client_hints,
                           session.new_device, session.first_session);
  });
}

void HostObserver::client_changed(const engine::ClientChanged& change) {
  guarded("innkeeper: telling of a changed client", [&] {
    m_host.attr("client_changed")(change.id.text(), change.user_id, to_tuple(change.before),
                                  to_tuple(change.now));
  });
}

void HostObserver::ended(std::span<const engine::Ended> sessions) {
  guarded("innkeeper: telling of ended sessions", [&] {
    nb::list list;
    for (const engine::Ended& session : sessions) {
      list.append(nb::make_tuple(session.id.text(), session.user_id,
                                 std::string(store::to_string(session.reason)), session.actor));
    }
    m_host.attr("ended")(list);
  });
}

}  // namespace innkeeper::python
