#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cell {

// What went wrong, as the caller needs to tell the cases apart. The HTTP status of each stands in
// api/problem.cpp, the only place that knows it.
enum class Code {
  invalid_argument = 1,  // the input is wrong; `fields` say where
  unauthenticated,       // no valid session, token or password
  forbidden,             // known, but not allowed
  not_found,
  conflict,             // clashes with what is there (name taken, already set up)
  gone,                 // was there once and is not given out again
  precondition_failed,  // the revision the caller built on is not the current one
  too_large,
  rate_limited,  // `retry_after_s` says when to come back
  setup_required,
  unsupported,
  unavailable,  // a part we need does not answer; trying again may help
  timeout,
  cancelled,
  internal,
};

// snake_case name of a code, as it stands in problem documents and logs: "not_found".
std::string_view to_string(Code code) noexcept;

// One wrong field of the input. `pointer` is an RFC 6901 JSON pointer into the request body.
struct FieldError {
  std::string pointer;
  std::string detail;
  bool operator==(const FieldError&) const = default;
};

// A failure, worded for the person who reads it: lower case, no full stop, values quoted;
// `hint` is the next step. Never holds a secret.
struct Error {
  Code code = Code::internal;
  std::string message;
  std::string hint{};
  std::vector<FieldError> fields{};
  // A finer name than `code` for clients that act on it ("config_gone"); empty: the code's own name.
  std::string reason{};
  int retry_after_s = 0;

  // The same failure with what the caller was doing put before it: "cannot save 'x': disk is full".
  [[nodiscard]] Error within(std::string_view doing) &&;
};

// An invalid_argument about one field.
Error field_error(std::string pointer, std::string detail, std::string hint = {});

// From errno or a std::error_code value: ENOENT → not_found, EACCES → forbidden, ENOSPC → unavailable, …
Error from_errno(int error_number, std::string_view doing);

}  // namespace cell
