#include "app/master_key.hpp"

#include "base/atomic_file.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"

namespace cell::app {

Result<Secret> load_or_make_key(const std::filesystem::path& file) {
  auto text = read_file(file, 1024);
  if (text) return Secret(CELL_TRY_DOING(crypto::from_base64(*text), "'" + file.string() + "' is damaged"));
  if (text.error().code != Code::not_found) return std::move(text).error();
  Secret key(crypto::random_bytes(32));
  CELL_TRY(write_file_atomic(file, crypto::to_base64(key.reveal()), 0600));
  return key;
}

config::Sealer sealer_with(Secret key) {
  return {[key](std::string_view name, std::string_view plain) -> Result<std::string> {
            return crypto::to_base64(CELL_TRY(crypto::seal(key, plain, name)));
          },
          [key](std::string_view name, std::string_view sealed) -> Result<std::string> {
            return crypto::open(key, CELL_TRY(crypto::from_base64(sealed)), name);
          }};
}

}  // namespace cell::app
