#include "host_database.h"

#include <nanobind/stl/function.h>
#include <nanobind/stl/string.h>

#include "errors.h"
#include "values.h"

namespace innkeeper::python {

namespace {

// Runs `call` with the GIL; what Python raises goes on as a StoreError that keeps it.
template <class Call>
auto with_python(const Call& call) {
  const nb::gil_scoped_acquire gil;
  try {
    return call();
  } catch (const nb::python_error& error) {
    throw_store_error(error);
  }
}

class HostConnection final : public store::Connection {
 public:
  // With the GIL.
  explicit HostConnection(nb::object connection)
      : m_connection(std::move(connection)),
        m_dialect(dialect_of(nb::cast<std::string>(m_connection.attr("vendor")))) {}

  store::Dialect dialect() const override { return m_dialect; }

  store::Rows query(std::string_view sql, std::span<const store::Value> parameters) override {
    return with_python([&] {
      return to_rows(m_connection.attr("query")(nb::str(sql.data(), sql.size()),
                                                to_python(parameters, m_dialect)));
    });
  }

  std::int64_t execute(std::string_view sql, std::span<const store::Value> parameters) override {
    return with_python([&] {
      return nb::cast<std::int64_t>(m_connection.attr("execute")(nb::str(sql.data(), sql.size()),
                                                                 to_python(parameters, m_dialect)));
    });
  }

  void begin() override { call("begin"); }
  void commit() override { call("commit"); }

  void rollback() noexcept override {
    const nb::gil_scoped_acquire gil;
    try {
      call("rollback");
    } catch (const nb::python_error& error) {
      raise_later(error);
    } catch (...) {
      // Django has marked the connection as unusable, and says so to the next who uses it.
    }
  }

  bool in_foreign_transaction() const override {
    return with_python([&] { return nb::cast<bool>(m_connection.attr("in_transaction")()); });
  }

  void after_commit(std::function<void()> done) override {
    with_python([&] {
      auto unlocked = [done = std::move(done)] {
        const nb::gil_scoped_release no_gil;
        done();
      };
      m_connection.attr("on_commit")(nb::cpp_function(std::move(unlocked)));
    });
  }

 private:
  void call(const char* method) {
    with_python([&] { m_connection.attr(method)(); });
  }

  nb::object m_connection;
  store::Dialect m_dialect;
};

void give_back(store::Connection* connection) {
  const nb::gil_scoped_acquire gil;
  delete connection;
}

}  // namespace

store::Dialect dialect_of(std::string_view vendor) {
  if (vendor == "sqlite") return store::Dialect::sqlite;
  if (vendor == "postgresql") return store::Dialect::postgres;
  if (vendor == "mysql") return store::Dialect::mariadb;
  throw ConfigError("sessions can be kept in SQLite, PostgreSQL and MariaDB, not in " +
                    std::string(vendor) + ": route the app innkeeper to one of those");
}

store::Database::Lease HostDatabase::connect(store::Access /*access*/) {
  return with_python(
      [&] { return Lease(new HostConnection(m_host.attr("connect")()), give_back); });
}

}  // namespace innkeeper::python
