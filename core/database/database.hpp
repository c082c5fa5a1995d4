#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace cell::database {

using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string>;

// One row of an answer, columns in the order of the SELECT.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  [[nodiscard]] bool is_null(std::size_t column) const;
  [[nodiscard]] std::int64_t integer(std::size_t column) const;  // 0 for null or text
  [[nodiscard]] double real(std::size_t column) const;
  [[nodiscard]] std::string text(std::size_t column) const;  // empty for null
  [[nodiscard]] std::size_t size() const { return values_.size(); }

 private:
  std::vector<Value> values_;
};

// SQLite in WAL mode through Poco::Data. A call takes one SQL statement with `?` for each parameter; user
// text goes only into parameters. Calls are serialised by a lock. Thread: any.
class Database {
 public:
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file);
  static Result<std::unique_ptr<Database>> in_memory();
  ~Database();

  Result<void> execute(std::string_view sql, const std::vector<Value>& parameters = {});
  // As execute; answers the number of rows changed.
  Result<std::int64_t> change(std::string_view sql, const std::vector<Value>& parameters = {});
  Result<std::vector<Row>> query(std::string_view sql, const std::vector<Value>& parameters = {});
  // All statements of `body` or none; body must not call transaction() again.
  Result<void> transaction(const std::function<Result<void>()>& body);

  // Brings the tables of one component to its newest version: runs steps[v…] that were not run yet, each in a
  // transaction, and remembers the version by `component`. A step may hold several statements.
  Result<void> migrate(std::string_view component, const std::vector<std::string>& steps);

 private:
  Database();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cell::database
