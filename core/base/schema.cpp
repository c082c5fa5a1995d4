#include "base/schema.hpp"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "base/schema_errors.hpp"
#include "base/schema_rewrite.hpp"

namespace cell {

namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

// Member names are held against regular expressions too (patternProperties), see schema_rewrite.hpp.
constexpr std::size_t kMaxNameBytes = 512;
// Lists are cut to this many items before the complaints are gathered, so that a list of a million wrong
// items does not make a million complaints.
constexpr std::size_t kItemsDescribed = 1000;

bool has_long_name(const Json& value) {
  if (value.is_array()) return std::any_of(value.begin(), value.end(), has_long_name);
  if (!value.is_object()) return false;
  for (const auto& [name, item] : value.items()) {
    if (name.size() > kMaxNameBytes || has_long_name(item)) return true;
  }
  return false;
}

Json cut(const Json& value) {
  if (!value.is_structured()) return value;
  Json result = value;
  if (result.is_array() && result.size() > kItemsDescribed) {
    result.erase(result.begin() + static_cast<std::ptrdiff_t>(kItemsDescribed), result.end());
  }
  for (auto& item : result) item = cut(item);
  return result;
}

// A schema with the validators made for it. A validator keeps its compiled patterns, so each is used again,
// by one thread at a time.
class Checker {
 public:
  explicit Checker(const Json& schema) {
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(Adapter(schema), schema_);
  }

  bool validate(const Json& value, valijson::ValidationResults* results) const {
    std::unique_ptr<valijson::Validator> validator = take();
    const bool valid = validator->validate(schema_, Adapter(value), results);
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(validator));
    return valid;
  }

 private:
  std::unique_ptr<valijson::Validator> take() const {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<valijson::Validator>();
    std::unique_ptr<valijson::Validator> validator = std::move(idle_.back());
    idle_.pop_back();
    return validator;
  }

  valijson::Schema schema_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<valijson::Validator>> idle_;
};

Result<void> check_with(const Checker& checker, const Json& value, const Json& schema) {
  if (checker.validate(value, nullptr)) return {};
  const Json shortened = cut(value);
  valijson::ValidationResults results;
  if (checker.validate(shortened, &results)) {
    return Error{Code::invalid_argument, "a list has a wrong item or too many of them"};
  }
  std::vector<schema::Complaint> complaints;
  for (const auto& problem : results) complaints.push_back({problem.context, problem.description});
  return schema::describe(complaints, shortened, schema);
}

}  // namespace

struct Schema::Impl {
  Json written;
  Json guarded = schema::guarded(written);
  Checker full{guarded};
  Json shape_schema = schema::shape_of(guarded);
  Checker shape{shape_schema};
};

Result<Schema> Schema::compile(const Json& schema) {
  try {
    Schema compiled;
    compiled.impl_ = std::shared_ptr<const Impl>(new Impl{.written = schema});
    return compiled;
  } catch (const std::exception& e) {
    return Error{Code::internal, std::string("a schema cannot be compiled: ") + e.what()};
  }
}

Result<void> Schema::check(const Json& value) const {
  if (!impl_) return {};
  if (has_long_name(value)) return Error{Code::invalid_argument, "a field has a name that is far too long"};
  try {
    if (schema::is_large(value)) CELL_TRY(check_with(impl_->shape, value, impl_->written));
    return check_with(impl_->full, value, impl_->written);
  } catch (const std::exception& e) {
    return Error{Code::internal, std::string("a value cannot be checked: ") + e.what()};
  }
}

}  // namespace cell
