#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cell::tool {

// Writes <path> (the private key, mode 0600) and <path>.pub, and answers the key's id. conflict when either
// is there: a key that is overwritten is lost for good.
Result<std::string> make_keys(const std::filesystem::path& path);

Result<Secret> read_private_key(const std::filesystem::path& path);

// Signs a .cellpkg in place, or any other file by a <file>.sig beside it. Answers the key's id.
Result<std::string> sign_file(const std::filesystem::path& file, const Secret& private_key);

}  // namespace cell::tool
