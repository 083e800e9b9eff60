// A database as a host hands it over that has transactions of its own: Django's atomic.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "store/connection.h"

namespace innkeeper::test {

// Outside of a block each statement is committed at once. In one, everybody who connects is in it:
// whoever is somebody else in a test asks the database that is behind this one, once the block is
// over.
class HostDatabase final : public store::Database {
 public:
  explicit HostDatabase(store::Database& database) : m_database(database) {}

  // Blocks nest: one within another is a savepoint.
  void begin() {
    if (m_depth == 0) m_connection = m_database.connect(store::Access::write);
    m_connection->begin();
    ++m_depth;
  }
  void commit() {
    m_connection->commit();
    leave();
    for (auto& [depth, function] : m_waiting) depth = std::min(depth, m_depth);
    if (m_depth > 0) return;
    for (const auto& [depth, function] : std::exchange(m_waiting, {})) function();
  }
  void rollback() {
    m_connection->rollback();
    std::erase_if(m_waiting, [this](const auto& waiting) { return waiting.first >= m_depth; });
    leave();
  }
  // From now on nobody is told of a commit, as in Django's manual transactions.
  void tell_nobody() { m_tells = false; }

  // How many were run in blocks so far.
  int statements() const { return m_statements; }

  Lease connect(store::Access access) override {
    if (m_depth == 0) return m_database.connect(access);
    return {new Inside(*this), [](store::Connection* connection) { delete connection; }};
  }
  std::string describe() const override { return m_database.describe(); }

 private:
  class Inside final : public store::Connection {
   public:
    explicit Inside(HostDatabase& host) : m_host(host) {}
    store::Dialect dialect() const override { return inner().dialect(); }
    store::Rows query(std::string_view sql, std::span<const store::Value> values) override {
      ++m_host.m_statements;
      return inner().query(sql, values);
    }
    std::int64_t execute(std::string_view sql, std::span<const store::Value> values) override {
      ++m_host.m_statements;
      return inner().execute(sql, values);
    }
    void begin() override { inner().begin(); }
    void commit() override { inner().commit(); }
    void rollback() noexcept override { inner().rollback(); }
    bool in_foreign_transaction() const override { return true; }
    void after_commit(std::function<void()> done) override {
      if (m_host.m_tells) m_host.m_waiting.emplace_back(m_host.m_depth, std::move(done));
    }

   private:
    store::Connection& inner() const { return *m_host.m_connection; }
    HostDatabase& m_host;
  };

  void leave() {
    if (--m_depth == 0) m_connection.reset();
  }

  store::Database& m_database;
  Lease m_connection;
  std::size_t m_depth = 0;
  bool m_tells = true;
  int m_statements = 0;
  std::vector<std::pair<std::size_t, std::function<void()>>> m_waiting;
};

}  // namespace innkeeper::test
