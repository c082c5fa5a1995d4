#pragma once

#include <string>

#include "cell/json.hpp"

namespace cell::sdk::detail {

// A member only where there is something to say, so that the schema's default holds elsewhere.
template <class T>
void put(Json& object, const char* name, const T& value) {
  if (!value.empty()) object[name] = value;
}
template <class T>
void put_number(Json& object, const char* name, T value) {
  if (value != 0) object[name] = value;
}

}  // namespace cell::sdk::detail
