#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace cell {

// A compiled JSON Schema (draft 7, with `format` "date-time"; others are annotations). Immutable; thread:
// any.
class Schema {
 public:
  // The schema itself is ours, so a bad one is a programming error reported as `internal`.
  static Result<Schema> compile(const Json& schema);

  // invalid_argument with one FieldError for each wrong place (at most 20), pointers into `value`. Unknown
  // members (additionalProperties: false) are named: `unknown field 'colour'`, with the nearest known name as
  // hint.
  [[nodiscard]] Result<void> check(const Json& value) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace cell
