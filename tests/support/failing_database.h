// A database that refuses the statements that a test names: trouble between two steps.
#pragma once

#include <string>
#include <utility>

#include "base/error.h"
#include "store/connection.h"

namespace innkeeper::test {

class FailingDatabase final : public store::Database {
 public:
  explicit FailingDatabase(store::Database& database) : m_database(database) {}

  // Every statement that contains `text` fails from now on; none for an empty one.
  void refuse(std::string text) { m_refused = std::move(text); }

  Lease connect(store::Access access) override {
    return {new Inside(m_database.connect(access), m_refused),
            [](store::Connection* connection) { delete connection; }};
  }
  std::string describe() const override { return m_database.describe(); }

 private:
  class Inside final : public store::Connection {
   public:
    Inside(Lease inner, const std::string& refused)
        : m_inner(std::move(inner)), m_refused(refused) {}
    store::Dialect dialect() const override { return m_inner->dialect(); }
    store::Rows query(std::string_view sql, std::span<const store::Value> values) override {
      look_at(sql);
      return m_inner->query(sql, values);
    }
    std::int64_t execute(std::string_view sql, std::span<const store::Value> values) override {
      look_at(sql);
      return m_inner->execute(sql, values);
    }
    void begin() override { m_inner->begin(); }
    void commit() override { m_inner->commit(); }
    void rollback() noexcept override { m_inner->rollback(); }
    void after_commit(std::function<void()> done) override {
      m_inner->after_commit(std::move(done));
    }

   private:
    void look_at(std::string_view sql) const {
      if (m_refused.empty() || sql.find(m_refused) == std::string_view::npos) return;
      throw StoreError(StoreError::Kind::locked, "refused by the test");
    }

    Lease m_inner;
    const std::string& m_refused;
  };

  store::Database& m_database;
  std::string m_refused;
};

}  // namespace innkeeper::test
