#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/result.hpp"

namespace cell {

// The JSON value used everywhere in the core. Objects keep their members sorted by name, so two equal
// values have one text (used for hashes and for finding out whether anything changed).
using Json = nlohmann::json;

struct JsonLimits {
  std::size_t max_bytes = 16 * 1024 * 1024;
  std::size_t max_depth = 64;
  std::size_t max_values = 1'000'000;
};

// Parses one RFC 8259 document strictly: no comments, trailing bytes, NaN, repeated member names, lone
// surrogates, NUL in strings, or numbers that a double cannot hold. The error names line-free position and
// cause.
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

// Shortest text. Bytes that are not UTF-8 are replaced by U+FFFD instead of throwing.
std::string dump_json(const Json& value);

// Two spaces an indent and a final newline, for files that people read.
std::string dump_json_pretty(const Json& value);

// RFC 6901: `pointer` + "/" + escaped `token`.
std::string pointer_append(std::string_view pointer, std::string_view token);

// Typed access to members of an object that a schema has already been checked against or that we wrote
// ourselves: the fallback for a member that is missing, null or of another type.
std::string json_string(const Json& object, std::string_view key, std::string_view fallback = {});
std::int64_t json_int(const Json& object, std::string_view key, std::int64_t fallback = 0);
double json_number(const Json& object, std::string_view key, double fallback = 0);
bool json_bool(const Json& object, std::string_view key, bool fallback = false);
// A member that is an object or array; an empty value of static life where it is not there.
const Json& json_member(const Json& object, std::string_view key);

}  // namespace cell
