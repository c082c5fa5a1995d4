#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"

// Inside core/base only: valijson's complaints in our words.
namespace cell::schema {

// As valijson reports it: context {"<root>", "[\"peers\"]", "[3]"} and an English sentence.
struct Complaint {
  std::vector<std::string> context;
  std::string sentence;
};

// One invalid_argument with a FieldError for each wrong place (at most 20). `schema` is the one as it was
// written.
Error describe(const std::vector<Complaint>& complaints, const Json& value, const Json& schema);

}  // namespace cell::schema
