// The port to a database: run this SQL with these parameters, give me rows.
//
// Drivers: sqlite/ here; Django's own connection, the `host` driver, in python/bindings
// (host_database.h); postgres/ and mariadb/ later. Guide for the next driver: docs/drivers.md.
// Suite: tests/contract/store_contract.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "store/value.h"

namespace innkeeper::store {

enum class Dialect { sqlite, postgres, mariadb };

// One connection, used by one thread at a time. Every call may throw StoreError.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Dialect dialect() const = 0;
  // For people, in messages: "sqlite /srv/site/sessions.sqlite3", without a password.
  virtual std::string describe() const { return "the database"; }

  // Runs one statement. `sql` has `?` for each parameter, in order, and no other question mark; a
  // driver whose server wants another sign rewrites it when it prepares. Drivers keep prepared
  // statements by the text of `sql`.
  virtual Rows query(std::string_view sql, std::span<const Value> parameters) = 0;
  // The same for a statement without rows; returns how many rows it changed (cascades and triggers
  // not counted).
  virtual std::int64_t execute(std::string_view sql, std::span<const Value> parameters) = 0;

  // Transactions, see class Transaction. Where the host already is in one (Django's atomic), begin
  // makes a savepoint.
  virtual void begin() = 0;
  virtual void commit() = 0;  // throws with Outcome::in_doubt where it may have happened
  virtual void rollback() noexcept = 0;

  // Whether a transaction is open that somebody else began (Django's atomic): what is read in it
  // may be older than the last commit, so nothing of it goes into a cache.
  virtual bool in_foreign_transaction() const { return false; }

  // Calls `done` once what was written so far is durable and visible to others: at once outside a
  // transaction, after the outermost commit inside one, never after a rollback, with which `done`
  // is destroyed. This is where the cache learns of a save, and the session that it is committed.
  virtual void after_commit(std::function<void()> done) = 0;
};

// begin … commit, and rollback when it goes out of scope without one.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : m_connection(&connection) { connection.begin(); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (m_connection != nullptr) m_connection->rollback();
  }
  void commit() {
    // A failed commit has ended the transaction: the driver rolls back before it throws.
    Connection* connection = m_connection;
    m_connection = nullptr;
    connection->commit();
  }

 private:
  Connection* m_connection;
};

enum class Access { read, write };

// Where the engine takes connections. Thread-safe.
class Database {
 public:
  virtual ~Database() = default;

  // A connection, given back when the lease goes. `Access::read` may be one that refuses to write;
  // it sees every commit so far (never a replica that lags: what was ended there would live on).
  // `write` waits for its turn where there is one writer. Throws StoreError (locked) beyond the
  // waiting limit. A thread must not ask for a second lease while it holds one.
  using Lease = std::unique_ptr<Connection, std::function<void(Connection*)>>;
  virtual Lease connect(Access access) = 0;
  // `connect(Access::write)` for what may as well be left undone: where somebody else writes, it
  // and its statements wait for a moment only before they throw StoreError (locked). A driver that
  // has no say in how long it waits leaves it at that.
  virtual Lease connect_unless_busy() { return connect(Access::write); }

  // What a driver would otherwise do in somebody's request (SQLite's checkpoints). Called without a
  // lease, by threads that nobody waits for: between the batches of a purge, and now and then by a
  // server.
  virtual void upkeep() noexcept {}

  // For people: "sqlite /srv/site/sessions.sqlite3", without a password.
  virtual std::string describe() const = 0;
};

}  // namespace innkeeper::store
