// Any bytes as the owner's `.env`.
#include "domain/settings/environment.hpp"
#include "fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto values = cell::settings::parse_env_file(text);
  if (!values) {
    fuzz::require(values.error().message.find("line") != std::string::npos || size > 256 * 1024);
    return 0;
  }
  for (const auto& [name, value] : *values) {
    fuzz::require(!name.empty() && text.find(name) != std::string_view::npos);
    fuzz::require(value.find_first_of(std::string_view("\n\0", 2)) == std::string::npos);
  }
  return 0;
}
