#include "plugin/contributions.hpp"

#include "plugin/contributions_read.hpp"
#include "plugin/schemas.hpp"

namespace cell::plugin {

namespace {

constexpr std::size_t kMaxFields = 20;

Error error_of(Code code, std::vector<FieldError> problems, std::string reason) {
  if (problems.size() > kMaxFields) problems.resize(kMaxFields);
  Error error{code, "'" + problems.front().pointer + "' " + problems.front().detail};
  if (problems.size() > 1)
    error.message += ", and " + std::to_string(problems.size() - 1) + " more are wrong";
  error.fields = std::move(problems);
  error.reason = std::move(reason);
  return error;
}

}  // namespace

Result<Contributions> parse_contributions(const Json& document, const Manifest& manifest) {
  CELL_TRY(contributions_schema().check(document));
  Contributions contributions = read_contributions(document, manifest);
  std::vector<FieldError> problems;
  check_consistency(contributions, manifest, problems);
  if (!problems.empty()) return error_of(Code::invalid_argument, std::move(problems), "");
  check_permitted(contributions, manifest, problems);
  if (!problems.empty()) return error_of(Code::forbidden, std::move(problems), "permission");
  return contributions;
}

}  // namespace cell::plugin
