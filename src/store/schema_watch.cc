#include "store/schema_watch.h"

#include "store/schema.h"

namespace innkeeper::store {

// A clock that was set back must not stop the looking.
bool SchemaWatch::is_due() const {
  const auto age = m_clock.now().time_since_epoch().count() - m_looked_at.load();
  return age < 0 || age >= Duration(look_every).count();
}

Database::Lease SchemaWatch::looked_at(Lease connection) {
  if (!is_due()) return connection;
  check_schema(*connection);
  UserTable(*connection, m_users).check();
  m_looked_at.store(m_clock.now().time_since_epoch().count());
  return connection;
}

}  // namespace innkeeper::store
