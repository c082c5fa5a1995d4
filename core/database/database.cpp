#include "database/database.hpp"

#include <cerrno>
#include <mutex>

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <sqlite3.h>

namespace cell::database {

namespace {

// Poco tries again and again for so long, also where the folder is missing.
constexpr std::size_t kOpenSeconds = 1;
// Far more than the statements of the program; reached only if texts are put together at run time.
constexpr std::size_t kMaxStatements = 500;

// SQLite calls some of what a full disk refuses an I/O error; the kernel's word tells them apart.
bool is_disk_full(sqlite3* handle, int code) {
  const int reason = sqlite3_system_errno(handle);
  return code == SQLITE_FULL || (code == SQLITE_IOERR && (reason == ENOSPC || reason == EDQUOT));
}

Error sqlite_error(sqlite3* handle, std::string_view doing) {
  const int code = sqlite3_errcode(handle);
  if (is_disk_full(handle, code))
    return Error{Code::unavailable, "the disk is full, so nothing can be written",
                 "free some space where the cell keeps its things, then try again"};
  const std::string message = std::string(doing) + ": " + sqlite3_errmsg(handle);
  if (code == SQLITE_IOERR) return Error{Code::unavailable, message, "check the disk"};
  return Error{code == SQLITE_CONSTRAINT ? Code::conflict : Code::internal, message};
}

struct FinishStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinishStatement>;

// Resets a cached statement on every way out, so that it holds no lock and no text of the caller.
struct ResetStatement {
  void operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

int bind(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value))
    return sqlite3_bind_int64(statement, index, *integer);
  if (const auto* real = std::get_if<double>(&value)) return sqlite3_bind_double(statement, index, *real);
  if (const auto* text = std::get_if<std::string>(&value)) {
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  return sqlite3_bind_null(statement, index);
}

Value column(sqlite3_stmt* statement, int index) {
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(statement, index));
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, index);
    case SQLITE_NULL:
      return nullptr;
    default:
      break;
  }
  const auto* text = static_cast<const char*>(sqlite3_column_blob(statement, index));
  const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
  return text == nullptr ? std::string() : std::string(text, length);
}

}  // namespace

bool Row::is_null(std::size_t index) const {
  return std::holds_alternative<std::nullptr_t>(values_.at(index));
}

std::int64_t Row::integer(std::size_t index) const {
  const auto* value = std::get_if<std::int64_t>(&values_.at(index));
  return value == nullptr ? 0 : *value;
}

double Row::real(std::size_t index) const {
  if (const auto* value = std::get_if<double>(&values_.at(index))) return *value;
  return static_cast<double>(integer(index));
}

std::string Row::text(std::size_t index) const {
  const auto* value = std::get_if<std::string>(&values_.at(index));
  return value == nullptr ? std::string() : *value;
}

// The session is Poco's; statements go through its SQLite handle, because Poco's dynamic record sets turn
// 64-bit integers and nulls into other types.
struct Database::Impl {
  std::recursive_mutex mutex;
  std::unique_ptr<Poco::Data::Session> session;
  sqlite3* handle = nullptr;
  std::map<std::string, StatementHandle, std::less<>> statements;
  bool in_transaction = false;

  ~Impl() { statements.clear(); }

  Result<sqlite3_stmt*> prepare(std::string_view sql) {
    if (const auto found = statements.find(sql); found != statements.end()) return found->second.get();
    if (statements.size() >= kMaxStatements) statements.clear();
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    if (sqlite3_prepare_v2(handle, sql.data(), static_cast<int>(sql.size()), &raw, &tail) != SQLITE_OK) {
      return sqlite_error(handle, "cannot prepare a statement");
    }
    StatementHandle prepared(raw);
    // SQLite would leave everything after the first statement out without a word.
    if (!prepared || sql.find_first_not_of(" \t\n;", static_cast<std::size_t>(tail - sql.data())) !=
                         std::string_view::npos) {
      return Error{Code::internal, "one SQL statement is taken at a time"};
    }
    return statements.emplace(sql, std::move(prepared)).first->second.get();
  }

  Result<std::vector<Row>> run(std::string_view sql, const std::vector<Value>& parameters) {
    const std::lock_guard lock(mutex);
    const std::unique_ptr<sqlite3_stmt, ResetStatement> statement(CELL_TRY(prepare(sql)));
    if (static_cast<std::size_t>(sqlite3_bind_parameter_count(statement.get())) != parameters.size()) {
      return Error{Code::internal, "an SQL statement was given too few or too many parameters"};
    }
    int index = 0;
    for (const Value& value : parameters) {
      if (bind(statement.get(), ++index, value) != SQLITE_OK)
        return sqlite_error(handle, "cannot bind a parameter");
    }
    std::vector<Row> rows;
    for (;;) {
      const int outcome = sqlite3_step(statement.get());
      if (outcome == SQLITE_DONE) return rows;
      if (outcome != SQLITE_ROW) return sqlite_error(handle, "a statement failed");
      std::vector<Value> values;
      for (int i = 0; i < sqlite3_column_count(statement.get()); ++i)
        values.push_back(column(statement.get(), i));
      rows.emplace_back(std::move(values));
    }
  }

  // Several statements without parameters.
  Result<void> run_script(const std::string& sql) {
    if (sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      return sqlite_error(handle, "a statement failed");
    return {};
  }

  Result<void> execute(std::string_view sql, const std::vector<Value>& parameters = {}) {
    CELL_TRY(run(sql, parameters));
    return {};
  }
};

Database::Database() : impl_(std::make_unique<Impl>()) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file) {
  auto database = std::unique_ptr<Database>(new Database());
  Impl& impl = *database->impl_;
  try {
    Poco::Data::SQLite::Connector::registerConnector();
    impl.session = std::make_unique<Poco::Data::Session>(Poco::Data::SQLite::Connector::KEY, file.string(),
                                                         kOpenSeconds);
    impl.handle = Poco::Data::SQLite::Utility::dbHandle(*impl.session);
  } catch (const Poco::Exception& e) {
    return Error{Code::unavailable, "cannot open database '" + file.string() + "': " + e.displayText(),
                 "check the folder's rights and the disk"};
  }
  for (const char* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
                             "PRAGMA foreign_keys = ON", "PRAGMA busy_timeout = 5000"}) {
    CELL_TRY_DOING(impl.execute(pragma), "cannot set up database '" + file.string() + "'");
  }
  return database;
}

Result<std::unique_ptr<Database>> Database::in_memory() { return open(":memory:"); }

Result<void> Database::execute(std::string_view sql, const std::vector<Value>& parameters) {
  return impl_->execute(sql, parameters);
}

Result<std::int64_t> Database::change(std::string_view sql, const std::vector<Value>& parameters) {
  const std::lock_guard lock(impl_->mutex);
  CELL_TRY(impl_->execute(sql, parameters));
  return static_cast<std::int64_t>(sqlite3_changes(impl_->handle));
}

Result<std::vector<Row>> Database::query(std::string_view sql, const std::vector<Value>& parameters) {
  return impl_->run(sql, parameters);
}

Result<void> Database::transaction(const std::function<Result<void>()>& body) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->in_transaction) return Error{Code::internal, "a transaction was begun inside another"};
  CELL_TRY(impl_->execute("BEGIN IMMEDIATE"));
  impl_->in_transaction = true;
  Result<void> outcome = body();
  impl_->in_transaction = false;
  if (outcome) outcome = impl_->execute("COMMIT");
  if (!outcome) {
    // The reason is the body's or the commit's; a failing ROLLBACK means that SQLite did it already.
    if (auto rolled_back = impl_->execute("ROLLBACK"); !rolled_back) return outcome;
  }
  return outcome;
}

Result<void> Database::migrate(std::string_view component, const std::vector<std::string>& steps) {
  const std::string name(component);
  CELL_TRY(
      execute("CREATE TABLE IF NOT EXISTS migrations(component TEXT PRIMARY KEY, version INTEGER NOT NULL)"));
  const auto rows = CELL_TRY(query("SELECT version FROM migrations WHERE component = ?", {name}));
  const std::int64_t version = rows.empty() ? 0 : rows.front().integer(0);
  if (version > static_cast<std::int64_t>(steps.size())) {
    return Error{Code::unsupported, "the database's '" + name + "' is of a newer version",
                 "install that version of celld again"};
  }
  for (auto next = static_cast<std::size_t>(version); next < steps.size(); ++next) {
    CELL_TRY_DOING(transaction([&]() -> Result<void> {
                     CELL_TRY(impl_->run_script(steps[next]));
                     return execute("INSERT OR REPLACE INTO migrations(component, version) VALUES(?, ?)",
                                    {name, static_cast<std::int64_t>(next + 1)});
                   }),
                   "cannot bring the database's '" + name + "' up to date");
  }
  return {};
}

}  // namespace cell::database
