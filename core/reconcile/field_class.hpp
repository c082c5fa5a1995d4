#pragma once

#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace cell::reconcile {

// What a changed field of a resource's spec asks for, from least to most.
enum class FieldClass {
  hot,       // takes effect in the running thing; connections stay
  restart,   // its container is restarted
  recreate,  // its container or network is made anew
};
std::string_view to_string(FieldClass field_class) noexcept;

// By kind of resource and top-level member of its spec; unknown members count as recreate.
FieldClass class_of(std::string_view kind, std::string_view field);

// The most that any difference between two specs asks for; nothing when they are equal.
std::optional<FieldClass> class_of_change(std::string_view kind, const Json& before, const Json& after);

}  // namespace cell::reconcile
