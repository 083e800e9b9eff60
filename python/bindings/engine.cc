#include "engine/engine.h"

#include <atomic>

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "bind.h"
#include "cache/lmdb/lmdb_cache.h"
#include "host_cache.h"
#include "host_database.h"
#include "host_observer.h"
#include "json.h"
#include "log.h"
#include "settings.h"
#include "values.h"

namespace innkeeper::python {

namespace {

using engine::Saved;
using engine::Session;

const char* word(Saved saved) {
  switch (saved) {
    case Saved::created:
      return "created";
    case Saved::updated:
      return "updated";
    case Saved::merged:
      return "merged";
    case Saved::ended:
      break;
  }
  return "ended";
}

store::Reason reason_of(const std::string& text) {
  if (const auto reason = store::parse_reason(text)) return *reason;
  throw nb::value_error(("no reason for which a session ends: " + text).c_str());
}

// The engine with the drivers and services that it needs alive. Called with the GIL, which it gives
// back while it works; the host drivers take it again.
class PythonEngine {
 public:
  PythonEngine(const nb::dict& settings, nb::object host, const nb::object& cache,
               const Clock* clock, const nb::object& observer)
      : m_clock(clock == nullptr ? m_system_clock : *clock),
        m_database(std::move(host)),
        m_cache(open_cache(cache)),
        m_observer(observer),
        m_engine(to_settings(settings), m_database, m_cache.get(), m_clock, m_random, m_log) {
    if (!observer.is_none()) m_engine.set_observer(&m_observer);
  }

  // (session, what it holds): a dict where `json` says that it is JSON and of the plain kind, else
  // the payload's bytes; None where there is no such session.
  nb::tuple load(std::optional<std::string> cookie, bool json) {
    Session session = open(std::move(cookie));
    if (!session.exists()) return nb::make_tuple(std::move(session), nb::none());
    const std::string& content = session.snapshot()->content;
    nb::object data = json ? plain_json(content) : nb::object();
    if (!data.is_valid()) data = nb::bytes(content.data(), content.size());
    return nb::make_tuple(std::move(session), std::move(data));
  }

  Session open(std::optional<std::string> cookie) {
    // A hit of the native cache takes a microsecond and waits for nobody: cheaper than giving the
    // GIL back.
    if (cookie && m_cache && !m_cache->may_wait()) {
      if (auto session = m_engine.open_cached(*cookie)) return std::move(*session);
    }
    const nb::gil_scoped_release no_gil;
    return m_engine.open(cookie ? std::optional<std::string_view>(*cookie) : std::nullopt);
  }

  const char* save(Session& session, const std::optional<std::string>& ip, nb::handle user_agent,
                   nb::handle client_hints) {
    const auto client = to_client(ip, user_agent, client_hints);
    const nb::gil_scoped_release no_gil;
    return word(m_engine.save(session, client));
  }

  bool was_rotated(const std::string& cookie) {
    const nb::gil_scoped_release no_gil;
    return m_engine.was_rotated(cookie);
  }

  bool touch(Session& session, const std::optional<std::string>& ip, nb::handle user_agent,
             nb::handle client_hints) {
    const auto client = to_client(ip, user_agent, client_hints);
    const nb::gil_scoped_release no_gil;
    return m_engine.touch(session, client);
  }

  const char* rotate(Session& session, const std::optional<std::string>& ip, nb::handle user_agent,
                     nb::handle client_hints) {
    const auto client = to_client(ip, user_agent, client_hints);
    const nb::gil_scoped_release no_gil;
    return word(m_engine.rotate_key(session, client));
  }

  void flush(Session& session, const std::string& reason, const std::string& actor) {
    const auto why = reason_of(reason);
    const nb::gil_scoped_release no_gil;
    m_engine.flush(session, why, actor);
  }

  bool revoke(const std::string& id, const std::string& reason, const std::string& actor) {
    const auto parsed = engine::SessionId::parse(id);
    const auto why = reason_of(reason);
    if (!parsed) return false;
    const nb::gil_scoped_release no_gil;
    return m_engine.revoke(*parsed, {.actor = actor, .reason = why});
  }

  std::int64_t revoke_all(const std::string& user, const std::vector<std::string>& keep,
                          const std::string& reason, const std::string& actor) {
    store::SessionFilter filter;
    filter.user_id = user;
    filter.validity = store::SessionFilter::Validity::active;  // the others are over already
    filter.except = to_ids(keep);
    const auto why = reason_of(reason);
    const nb::gil_scoped_release no_gil;
    return m_engine.revoke_all(std::move(filter), {.actor = actor, .reason = why});
  }

  void rows_removed(const std::vector<std::pair<std::string, std::optional<std::string>>>& rows,
                    const std::string& reason, const std::string& actor) {
    const auto parsed = to_removed(rows);
    const auto why = reason_of(reason);
    const nb::gil_scoped_release no_gil;
    m_engine.rows_removed(parsed, why, actor);
  }

  void rows_changed(const std::vector<std::string>& ids) {
    auto parsed = to_ids(ids);
    const nb::gil_scoped_release no_gil;
    m_engine.rows_changed(std::move(parsed));
  }

  // (column, moment): a row is active while each column is later than its moment.
  nb::list active_bounds() const {
    nb::list bounds;
    for (const auto& [column, moment] : m_engine.active_bounds())
      bounds.append(nb::make_tuple(column, to_datetime(moment)));
    return bounds;
  }

  nb::object ends_at(nb::handle expire_date, nb::handle last_activity,
                     nb::handle created_at) const {
    return to_datetime(session::ends_at(to_time(expire_date), to_time(last_activity),
                                        to_time(created_at), m_engine.settings().expiry));
  }

  // (sessions, rows of the history, whether nothing is left)
  nb::tuple clear_expired(int batch_size, std::optional<double> budget, bool dry_run,
                          const nb::object& progress) {
    engine::PurgeOptions options{.batch_size = batch_size, .dry_run = dry_run};
    if (budget) options.budget = std::chrono::milliseconds(std::int64_t(*budget * 1000));
    if (!progress.is_none()) {
      options.progress = [&progress](std::int64_t removed) {
        const nb::gil_scoped_acquire gil;
        progress(removed);
      };
    }
    engine::PurgeReport report;
    {
      const nb::gil_scoped_release no_gil;
      report = m_engine.clear_expired(options);
    }
    return nb::make_tuple(report.sessions, report.history, report.finished);
  }

  void follow_feed() {
    const nb::gil_scoped_release no_gil;
    m_engine.follow_feed();
  }

  void set_fault_point(nb::object stop) {
    m_engine.set_fault_point([stop = std::move(stop)](std::string_view place) {
      const nb::gil_scoped_acquire gil;
      stop(nb::str(place.data(), place.size()));
    });
  }

 private:
  // None: no cache. A path: the native one. (caches, alias): one of Django's.
  std::unique_ptr<cache::Cache> open_cache(const nb::object& cache) {
    if (cache.is_none()) return nullptr;
    const auto pair = nb::cast<nb::tuple>(cache);
    if (nb::isinstance<nb::str>(pair[0])) {
      cache::lmdb::Options options;
      options.directory = nb::cast<std::string>(pair[0]);
      options.size_bytes = nb::cast<std::size_t>(pair[1]);
      return cache::lmdb::open(options, m_clock, m_log);
    }
    return std::make_unique<HostCache>(pair[0], nb::cast<std::string>(pair[1]));
  }

  SystemClock m_system_clock;
  const Clock& m_clock;
  SystemRandom m_random;
  HostLog m_log;
  HostDatabase m_database;
  std::unique_ptr<cache::Cache> m_cache;
  HostObserver m_observer;
  engine::Engine m_engine;
};

nb::object optional_text(const std::string& text) {
  return text.empty() ? nb::none() : nb::object(nb::str(text.data(), text.size()));
}

template <class Read>
nb::object of_snapshot(const Session& session, const Read& read) {
  if (!session.exists()) return nb::none();
  return nb::cast(read(*session.snapshot()));
}

void bind_session(nb::module_& module) {
  nb::class_<Session>(module, "Session", "A session in hand; see src/engine/session.h.")
      .def(nb::init<>())
      .def_prop_ro("exists", &Session::exists)
      .def_prop_ro("key",
                   [](const Session& session) -> std::optional<std::string> {
                     if (!session.key()) return std::nullopt;
                     return std::string(session.key()->reveal());
                   })
      .def_prop_ro("id",
                   [](const Session& session) {
                     return of_snapshot(session, [](const auto& row) { return row.id.text(); });
                   })
      .def_prop_ro("ids",
                   [](const Session& session) {
                     nb::list ids;
                     for (const auto& id : session.ids()) ids.append(id.text());
                     return ids;
                   })
      .def_prop_ro("content",
                   [](const Session& session) {
                     if (!session.exists()) return nb::bytes("", 0);
                     const std::string& content = session.snapshot()->content;
                     return nb::bytes(content.data(), content.size());
                   })
      .def_prop_ro("user_id",
                   [](const Session& session) -> std::optional<std::string> {
                     return session.exists() ? session.snapshot()->user_id : std::nullopt;
                   })
      .def_prop_ro("ip",
                   [](const Session& session) -> std::optional<std::string> {
                     if (!session.exists() || !session.snapshot()->client.ip) return std::nullopt;
                     return session.snapshot()->client.ip->to_string();
                   })
      .def_prop_ro("user_agent",
                   [](const Session& session) {
                     return optional_text(session.exists() ? session.snapshot()->client.user_agent
                                                           : std::string());
                   })
      .def_prop_ro("version",
                   [](const Session& session) {
                     return of_snapshot(session, [](const auto& row) { return row.version; });
                   })
      .def(
          "expire_at", [](Session& session, nb::handle date) { session.expire_at(to_time(date)); },
          nb::arg("date"))
      .def(
          "replace",
          [](Session& session, const nb::bytes& json) {
            return session.replace({json.c_str(), json.size()});
          },
          nb::arg("json"))
      .def(
          "replace_opaque",
          [](Session& session, const nb::bytes& content, const nb::bytes& known) {
            return session.replace_opaque({content.c_str(), content.size()},
                                          {known.c_str(), known.size()});
          },
          nb::arg("content"), nb::arg("known"));
}

// The machine's clock, ahead by as much as a test says.
class MovedClock final : public Clock {
 public:
  Time now() const override { return m_system.now() + Duration(m_ahead.load()); }
  void advance(Duration by) { m_ahead.fetch_add(by.count()); }

 private:
  SystemClock m_system;
  std::atomic<Duration::rep> m_ahead{0};
};

template <class Moving>
void bind_moving_clock(nb::module_& module, const char* name, const char* about) {
  nb::class_<Moving, Clock>(module, name, about)
      .def(nb::init<>())
      .def(
          "advance",
          [](Moving& clock, double seconds) {
            clock.advance(Duration(std::int64_t(seconds * 1e6)));
          },
          nb::arg("seconds"));
}

void bind_clocks(nb::module_& module) {
  nb::class_<Clock>(module, "Clock");
  bind_moving_clock<ManualClock>(module, "ManualClock", "A clock that stands still, for tests.");
  bind_moving_clock<MovedClock>(module, "MovedClock",
                                "The machine's clock, moved ahead: for tests.");
}

}  // namespace

void bind_engine(nb::module_& module) {
  bind_clocks(module);
  bind_session(module);
  using nb::arg;
  nb::class_<PythonEngine>(module, "Engine",
                           "What one does with sessions; see src/engine/engine.h.")
      .def(nb::init<const nb::dict&, nb::object, const nb::object&, const Clock*,
                    const nb::object&>(),
           arg("settings"), arg("database"), arg("cache").none(), arg("clock").none() = nb::none(),
           arg("observer").none() = nb::none(), nb::keep_alive<1, 5>())
      .def("open", &PythonEngine::open, arg("cookie").none())
      .def("load", &PythonEngine::load, arg("cookie").none(), arg("json"))
      .def("save", &PythonEngine::save, arg("session"), arg("ip") = nb::none(),
           arg("user_agent") = nb::none(), arg("client_hints") = nb::none())
      .def("touch", &PythonEngine::touch, arg("session"), arg("ip") = nb::none(),
           arg("user_agent") = nb::none(), arg("client_hints") = nb::none())
      .def("rotate", &PythonEngine::rotate, arg("session"), arg("ip") = nb::none(),
           arg("user_agent") = nb::none(), arg("client_hints") = nb::none())
      .def("was_rotated", &PythonEngine::was_rotated, arg("cookie"))
      .def("flush", &PythonEngine::flush, arg("session"), arg("reason"), arg("actor") = "")
      .def("revoke", &PythonEngine::revoke, arg("id"), arg("reason") = "revoked", arg("actor") = "")
      .def("revoke_all", &PythonEngine::revoke_all, arg("user"), arg("keep"),
           arg("reason") = "revoked", arg("actor") = "")
      .def("rows_removed", &PythonEngine::rows_removed, arg("rows"), arg("reason") = "revoked",
           arg("actor") = "")
      .def("rows_changed", &PythonEngine::rows_changed, arg("ids"))
      .def("active_bounds", &PythonEngine::active_bounds)
      .def("ends_at", &PythonEngine::ends_at, arg("expire_date"), arg("last_activity"),
           arg("created_at"))
      .def("clear_expired", &PythonEngine::clear_expired, arg("batch_size") = 1000,
           arg("budget") = nb::none(), arg("dry_run") = false, arg("progress").none() = nb::none())
      .def("follow_feed", &PythonEngine::follow_feed)
      .def("set_fault_point", &PythonEngine::set_fault_point, arg("stop"));
}

}  // namespace innkeeper::python
