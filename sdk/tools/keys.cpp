#include "keys.hpp"

#include "base/atomic_file.hpp"
#include "crypto/ed25519.hpp"
#include "package_folder.hpp"
#include "plugin/package.hpp"
#include "plugin/signature.hpp"

namespace cell::tool {
namespace {

namespace fs = std::filesystem;

// Both halves are 32 bytes in base64, so nothing but this word tells them apart.
constexpr std::string_view kPrivate = "private ";

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

fs::path public_path(const fs::path& path) { return path.string() + ".pub"; }

}  // namespace

Result<std::string> make_keys(const fs::path& path) {
  for (const fs::path& file : {path, public_path(path)}) {
    if (fs::exists(file))
      return Error{Code::conflict, "'" + file.string() + "' is there already", "choose another name"};
  }
  const crypto::SigningKeys keys = CELL_TRY(crypto::generate_signing_keys());
  CELL_TRY(
      write_file_atomic(path, std::string(kPrivate) + std::string(keys.private_key.reveal()) + "\n", 0600));
  CELL_TRY(write_file_atomic(public_path(path), keys.public_key + "\n"));
  return crypto::key_id(keys.public_key);
}

Result<Secret> read_private_key(const fs::path& path) {
  const std::string text = without_line_end(CELL_TRY(read_file(path, 4096)));
  Secret key(text.starts_with(kPrivate) ? text.substr(kPrivate.size()) : std::string());
  if (const auto public_key = crypto::signing_public_key(key); !public_key)
    return Error{Code::invalid_argument, "'" + path.string() + "' holds no private key",
                 "cell-plugin keygen makes one; the file with .pub is the public half"};
  return key;
}

Result<std::string> sign_file(const fs::path& file, const Secret& private_key) {
  const std::string id = CELL_TRY(crypto::key_id(CELL_TRY(crypto::signing_public_key(private_key))));
  if (file.extension() != ".cellpkg") {
    const std::string bytes = CELL_TRY(read_file(file));
    CELL_TRY(write_file_atomic(file.string() + ".sig", CELL_TRY(plugin::make_signature(bytes, private_key))));
    return id;
  }
  // What is signed is what a cell would take, so an unfit package never gets a signature.
  CELL_TRY(plugin::read_package(file, {}));
  const std::string signed_package = CELL_TRY(plugin::pack(CELL_TRY(read_package_files(file)), &private_key));
  CELL_TRY(write_file_atomic(file, signed_package));
  return id;
}

}  // namespace cell::tool
