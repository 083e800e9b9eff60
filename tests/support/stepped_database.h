// A database whose every call is a step of the Stepper, and whose one writer is waited for by
// stepping.
#pragma once

#include <atomic>
#include <memory>

#include "store/connection.h"
#include "tests/support/stepper.h"

namespace innkeeper::test {

class SteppedDatabase final : public store::Database {
 public:
  explicit SteppedDatabase(store::Database& database) : m_database(database) {}

  Lease connect(store::Access access) override {
    Stepper::step();
    if (access == store::Access::write) {
      while (m_writing.exchange(true)) Stepper::step();
    }
    auto* connection = new SteppedConnection(m_database.connect(access));
    return {connection, [this, access](store::Connection* done) {
              delete done;
              if (access == store::Access::write) m_writing.store(false);
            }};
  }
  std::string describe() const override { return m_database.describe(); }

 private:
  class SteppedConnection final : public store::Connection {
   public:
    explicit SteppedConnection(Lease inner) : m_inner(std::move(inner)) {}
    store::Dialect dialect() const override { return m_inner->dialect(); }
    std::string describe() const override { return m_inner->describe(); }
    store::Rows query(std::string_view sql, std::span<const store::Value> parameters) override {
      Stepper::step();
      return m_inner->query(sql, parameters);
    }
    std::int64_t execute(std::string_view sql, std::span<const store::Value> parameters) override {
      Stepper::step();
      return m_inner->execute(sql, parameters);
    }
    void begin() override { m_inner->begin(); }
    void commit() override {
      Stepper::step();
      m_inner->commit();
    }
    void rollback() noexcept override { m_inner->rollback(); }
    void after_commit(std::function<void()> done) override {
      m_inner->after_commit(std::move(done));
    }

   private:
    Lease m_inner;
  };

  store::Database& m_database;
  std::atomic<bool> m_writing{false};
};

}  // namespace innkeeper::test
