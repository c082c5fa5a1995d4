#pragma once

#include "base/json.hpp"

// Inside core/base only: schemas as valijson can check them without harm. Its traps: std::regex recurses once
// a character, so a long text overflows the stack; `format` throws on values that are no strings and runs a
// regex of its own; `uniqueItems` compares every pair.
namespace cell::schema {

// A `pattern` is only run on texts of at most so many characters; longer ones fail as too long.
inline constexpr std::size_t kMaxPatternText = 1024;
// Values with longer texts or lists are first held against the schema without patterns and pairwise
// comparisons.
inline constexpr std::size_t kLargeList = 500;

// Same meaning, but: date-time as a pattern, other formats dropped, each `pattern` with a `maxLength`,
// boolean sub-schemas as objects. Throws std::regex_error for a pattern that cannot be compiled.
Json guarded(const Json& schema);

// What is left of guarded() without the expensive keywords: accepts everything that the schema accepts, and
// more.
Json shape_of(const Json& guarded_schema);

// True when the shape must be checked before the schema itself.
bool is_large(const Json& value);

}  // namespace cell::schema
