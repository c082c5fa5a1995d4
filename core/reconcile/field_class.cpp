#include "reconcile/field_class.hpp"

#include <algorithm>
#include <array>

namespace cell::reconcile {

namespace {

struct Entry {
  std::string_view kind;
  std::string_view field;  // empty: every field of the kind
  FieldClass field_class;
};

constexpr std::array kTable{
    Entry{"caddy", "", FieldClass::hot},       // POST /load
    Entry{"coredns", "", FieldClass::hot},     // SIGUSR1
    Entry{"hub", "", FieldClass::hot},         // wg syncconf, nftables transaction
    Entry{"chrony", "", FieldClass::restart},  // chronyd reads its sources at the start only
    Entry{"files", "", FieldClass::hot},       // as the service says; at most its container is restarted
    Entry{"image", "", FieldClass::hot},        Entry{"volume", "", FieldClass::hot},
    Entry{"network", "", FieldClass::recreate}, Entry{"container", "", FieldClass::recreate},
};

}  // namespace

std::string_view to_string(FieldClass field_class) noexcept {
  switch (field_class) {
    case FieldClass::hot:
      return "hot";
    case FieldClass::restart:
      return "restart";
    case FieldClass::recreate:
      return "recreate";
  }
  return "recreate";
}

FieldClass class_of(std::string_view kind, std::string_view field) {
  for (const Entry& entry : kTable) {
    if (entry.kind == kind && (entry.field.empty() || entry.field == field)) return entry.field_class;
  }
  return FieldClass::recreate;
}

std::optional<FieldClass> class_of_change(std::string_view kind, const Json& before, const Json& after) {
  if (before == after) return std::nullopt;
  if (!before.is_object() || !after.is_object()) return class_of(kind, {});
  std::optional<FieldClass> most;
  const auto look = [&](const Json& one, const Json& other) {
    for (const auto& [field, value] : one.items()) {
      const auto found = other.find(field);
      if (found != other.end() && *found == value) continue;
      most = std::max(most.value_or(FieldClass::hot), class_of(kind, field));
    }
  };
  look(before, after);
  look(after, before);
  return most;
}

}  // namespace cell::reconcile
