#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"

// Inside core/base only: finding the part of a schema that speaks of one place of a value.
namespace cell::schema {

// The schema of member `name` or of an array's items; null when the schema says nothing of it.
const Json* member_schema(const Json& root, const Json& schema, const std::string& name);
const Json* item_schema(const Json& root, const Json& schema);

// The value of `keyword` in `schema` or what it refers to or is composed of; null when it is nowhere.
const Json* find_keyword(const Json& root, const Json& schema, const char* keyword);

// Names of all members that the schema knows.
std::vector<std::string> member_names(const Json& root, const Json& schema);

// The name that is most like `name`, if it is at most two edits away.
std::string nearest(const std::vector<std::string>& names, const std::string& name);

}  // namespace cell::schema
