// A database whose connections are always inside a transaction of somebody else, as in Django's
// atomic.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "store/connection.h"

namespace innkeeper::test {

// Writes at once, and only claims that it doesn't: what is tested is when the cache is told.
class ForeignTransaction final : public store::Database {
 public:
  explicit ForeignTransaction(store::Database& database) : m_database(database) {}

  Lease connect(store::Access access) override {
    return {new Inside(m_database.connect(access), m_done),
            [](store::Connection* connection) { delete connection; }};
  }
  std::string describe() const override { return m_database.describe(); }

  // Runs what waited for the commit; how many there were.
  int commit() {
    const auto done = std::exchange(m_done, {});
    for (const auto& function : done) function();
    return static_cast<int>(done.size());
  }

 private:
  using Done = std::vector<std::function<void()>>;

  class Inside final : public store::Connection {
   public:
    Inside(Lease inner, Done& done) : m_inner(std::move(inner)), m_done(done) {}
    store::Dialect dialect() const override { return m_inner->dialect(); }
    store::Rows query(std::string_view sql, std::span<const store::Value> values) override {
      return m_inner->query(sql, values);
    }
    std::int64_t execute(std::string_view sql, std::span<const store::Value> values) override {
      return m_inner->execute(sql, values);
    }
    void begin() override { m_inner->begin(); }
    void commit() override { m_inner->commit(); }
    void rollback() noexcept override { m_inner->rollback(); }
    bool in_foreign_transaction() const override { return true; }
    void after_commit(std::function<void()> done) override { m_done.push_back(std::move(done)); }

   private:
    Lease m_inner;
    Done& m_done;
  };

  store::Database& m_database;
  Done m_done;
};

}  // namespace innkeeper::test
