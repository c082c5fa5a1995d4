#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cell::sdk {

// What went wrong, as the host tells the cases apart. These are the `code` of an error document.
enum class Code {
  invalid_argument = 1,  // the input is wrong; `fields` say where
  unauthenticated,
  forbidden,
  not_found,
  conflict,
  gone,
  precondition_failed,
  too_large,
  rate_limited,
  unsupported,
  unavailable,  // a part that is needed does not answer; trying again may help
  timeout,
  cancelled,
  internal,
};

// [any] snake_case name of a code, as it stands in documents: "not_found".
std::string_view to_string(Code code) noexcept;
// [any] The code of that name; `internal` for a name that is not one.
Code code_of(std::string_view name) noexcept;

// One wrong place of the input; `pointer` is an RFC 6901 JSON pointer into it.
struct FieldError {
  std::string pointer{};
  std::string detail{};
  bool operator==(const FieldError&) const = default;
};

// A failure, worded for the person who reads it: lower case, no full stop, values quoted; `hint` is the next
// step. Never put a secret into it.
struct Error {
  Code code = Code::internal;
  std::string message{};
  std::string hint{};
  std::vector<FieldError> fields{};
};

// A value or the reason there is none. The value of a failure, and the error of a success, must not be read.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

  Error& error() & { return *std::get_if<1>(&state_); }
  const Error& error() const& { return *std::get_if<1>(&state_); }
  Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

  T value_or(T fallback) && { return ok() ? std::move(*this).value() : std::move(fallback); }

 private:
  std::variant<T, Error> state_;
};

// Success without a value, or the reason of the failure.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  [[nodiscard]] bool ok() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return ok(); }
  void value() const noexcept {}

  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_{};
};

}  // namespace cell::sdk

// The value of a Result, or an early return of its error: `auto key = CELL_TRY(host().secret("key"));`
#define CELL_TRY(expression) CELL_TRY_AS(CELL_UNIQUE_NAME(__COUNTER__), expression, )

// Each use has a name of its own, so that one may stand inside another.
#define CELL_UNIQUE_NAME(number) CELL_UNIQUE_NAME_OF(number)
#define CELL_UNIQUE_NAME_OF(number) cell_try_result_##number
#define CELL_TRY_AS(name, expression, context)         \
  __extension__({                                      \
    auto name = (expression);                          \
    if (!name) return std::move(name).error() context; \
    std::move(name).value();                           \
  })
