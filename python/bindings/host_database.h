// The driver `host` of the store: the engine's SQL on Django's own connection.
//
// Python gives an object with `connect()`, which returns one with
//
//   vendor                   "sqlite", "postgresql" or "mysql"
//   query(sql, parameters)   all rows of a statement
//   execute(sql, parameters) how many rows it changed
//   begin(), commit(), rollback()
//   in_transaction()         whether somebody else has a transaction open on it
//   on_commit(function)      calls it after the outermost commit, at once outside a transaction
//
// (innkeeper/host.py has them.) Statements have `?` for their parameters. So transactions, test
// databases, routers and whatever hangs on Django's connection keep working.
#pragma once

#include <string>

#include <nanobind/nanobind.h>

#include "store/connection.h"

namespace innkeeper::python {

namespace nb = nanobind;

// Thread-safe, as Django's `connections` is: every thread has its own connection. Calls may be made
// with or without the GIL.
class HostDatabase final : public store::Database {
 public:
  explicit HostDatabase(nb::object host) : m_host(std::move(host)) {}
  Lease connect(store::Access access) override;
  std::string describe() const override { return "Django's database"; }

 private:
  nb::object m_host;
};

// "sqlite", "postgresql", "mysql" as Django names them. Throws ConfigError for any other.
store::Dialect dialect_of(std::string_view vendor);

}  // namespace innkeeper::python
