#pragma once

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.hpp"

namespace cell {

// A value or the reason there is none. What every function that can fail returns between modules;
// exceptions of libraries are turned into it in the adapter that uses the library.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  // Precondition: ok().
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

  // Precondition: !ok().
  Error& error() & { return *std::get_if<1>(&state_); }
  const Error& error() const& { return *std::get_if<1>(&state_); }
  Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

  T value_or(T fallback) && { return ok() ? std::move(*this).value() : std::move(fallback); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return ok(); }
  void value() const noexcept {}

  // Precondition: !ok().
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace cell

// The value of a Result, or an early return of its error: `auto spec = CELL_TRY(parse(text));`
#define CELL_TRY(expression) CELL_TRY_AS(CELL_UNIQUE_NAME(__COUNTER__), expression, )

// The same, with what was being done put before the message.
#define CELL_TRY_DOING(expression, doing) \
  CELL_TRY_AS(CELL_UNIQUE_NAME(__COUNTER__), expression, .within(doing))

// Each use has a name of its own, so that one may stand inside another.
#define CELL_UNIQUE_NAME(number) CELL_UNIQUE_NAME_OF(number)
#define CELL_UNIQUE_NAME_OF(number) cell_try_result_##number
#define CELL_TRY_AS(name, expression, context)         \
  __extension__({                                      \
    auto name = (expression);                          \
    if (!name) return std::move(name).error() context; \
    std::move(name).value();                           \
  })
