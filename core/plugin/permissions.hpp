#pragma once

#include <optional>

#include "plugin/contributions.hpp"

namespace cell::plugin {

std::string_view to_string(Expose expose);  // "none", "vpn", "lan", "public"

// Whether the manifest's permission `capability` names `item` in its list of the same name:
// lists(manifest, "hosts", "mail").
bool lists(const Manifest& manifest, const char* capability, const std::string& item);

// How far the manifest asks to open a port; none where it does not ask for it.
std::optional<Expose> allowed_exposure(const Manifest& manifest, std::uint16_t port, bool is_tcp);

}  // namespace cell::plugin
