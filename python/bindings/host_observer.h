// The engine's observer for Python: an object with
//
//   wants(event)           "started", "client_changed" or "ended": whether anybody listens
//   devices()              a DeviceReader, or None where nobody asks about new devices
//   started(session_id, user_id, ip, user_agent, client_hints, new_device, first_session)
//   client_changed(session_id, user_id, before, now)   clients as (ip, user_agent, client_hints)
//   ended(sessions)        a list of (session_id, user_id, reason, actor)
//
// (innkeeper/signals.py has it.) What it raises is logged and goes no further.
#pragma once

#include <nanobind/nanobind.h>

#include "engine/observer.h"

namespace innkeeper::python {

namespace nb = nanobind;

class HostObserver final : public engine::Observer {
 public:
  explicit HostObserver(nb::object host) : m_host(std::move(host)) {}

  bool wants(Event event) override;
  const device::DeviceReader* devices() override;
  void started(const engine::Started& session) override;
  void client_changed(const engine::ClientChanged& change) override;
  void ended(std::span<const engine::Ended> sessions) override;

 private:
  nb::object m_host;
  nb::object m_devices;  // keeps the reader alive that devices() gave; guarded by the GIL
};

}  // namespace innkeeper::python
