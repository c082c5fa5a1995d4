#pragma once

#include <filesystem>

#include "base/secret.hpp"
#include "config/sealed.hpp"

namespace cell::app {

// The key that secrets are sealed with: 32 random bytes in a 0600 file of their own, made on first start.
Result<Secret> load_or_make_key(const std::filesystem::path& file);

// Seals with AES-256-GCM under that key; sealed texts are base64.
config::Sealer sealer_with(Secret key);

}  // namespace cell::app
