#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cell/json.hpp"
#include "cell/result.hpp"

namespace cell::sdk {

struct ServiceInfo {
  std::string id{};
  std::string version{};
};

struct CellInfo {
  std::string name{};
  std::string domain{};    // "home.cell", without a dot at the end
  std::string timezone{};  // "Europe/Berlin"
  std::string language{};  // "en"
};

// A person who may use the service.
struct Account {
  std::string person_id{};
  std::string login{};  // as the manifest's accounts.login asks for: "ada" or "ada@home.cell"
  std::string name{};
  std::optional<std::int64_t> quota_mb{};
  std::vector<std::string> passwords{};  // hashes as the manifest's accounts.hash asks for, one per device
};

// Typed reading of an object's members. What is wrong is not an exception and not an early return: the answer
// is the fallback (or an empty value), the place is noted, and plan() fails afterwards with all places at
// once. So read everything first, then use it. Thread: one at a time; a copy notes into the same list.
class Options {
 public:
  // [any] An object by itself, with a list of its own.
  static Options of(Json object);

  // Empty fallback: the member must be there.
  [[nodiscard]] std::string text(std::string_view name, std::optional<std::string> fallback = {}) const;
  // Text without control characters and line breaks: what may go on a line of a generated file.
  [[nodiscard]] std::string line(std::string_view name, std::optional<std::string> fallback = {}) const;
  [[nodiscard]] std::string host_name(std::string_view name, std::optional<std::string> fallback = {}) const;
  [[nodiscard]] std::int64_t integer(std::string_view name, std::optional<std::int64_t> fallback = {}) const;
  [[nodiscard]] double number(std::string_view name, std::optional<double> fallback = {}) const;
  [[nodiscard]] bool boolean(std::string_view name, std::optional<bool> fallback = {}) const;
  // Lists that are not there are empty.
  [[nodiscard]] std::vector<std::string> lines(std::string_view name) const;
  [[nodiscard]] std::vector<Options> objects(std::string_view name) const;
  // An object that is not there is an empty one.
  [[nodiscard]] Options object(std::string_view name) const;

  [[nodiscard]] bool has(std::string_view name) const;  // there, and not null
  // Notes that member `name` is wrong: plan() will fail.
  void reject(std::string_view name, std::string detail) const;
  [[nodiscard]] const Json& json() const { return value_; }
  // What was noted so far; empty: nothing is wrong.
  [[nodiscard]] const std::vector<FieldError>& problems() const { return *problems_; }

 private:
  friend class Config;
  using Problems = std::shared_ptr<std::vector<FieldError>>;
  Options(Json value, std::string pointer, Problems problems)
      : value_(std::move(value)), pointer_(std::move(pointer)), problems_(std::move(problems)) {}
  const Json* find(std::string_view name, bool must_be_there) const;

  Json value_;
  std::string pointer_;
  Problems problems_;
};

// What plan() is made from.
class Config {
 public:
  // [any] invalid_argument with a pointer to each wrong place.
  static Result<Config> parse(const Json& document);

  [[nodiscard]] const ServiceInfo& service() const { return service_; }
  [[nodiscard]] const CellInfo& cell() const { return cell_; }
  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] const std::vector<Account>& accounts() const { return accounts_; }
  // A secret of the manifest's `secrets`; one that is not there is noted like a missing option.
  [[nodiscard]] std::string secret(std::string_view name) const { return secrets_.text(name); }
  [[nodiscard]] bool has_secret(std::string_view name) const { return secrets_.has(name); }
  // What was noted while reading; empty: nothing is wrong.
  [[nodiscard]] const std::vector<FieldError>& problems() const { return *options_.problems_; }

 private:
  Config(Options options, Options secrets) : options_(std::move(options)), secrets_(std::move(secrets)) {}

  ServiceInfo service_{};
  CellInfo cell_{};
  std::vector<Account> accounts_{};
  Options options_;
  Options secrets_;
};

}  // namespace cell::sdk
