// Any bytes as a manifest's YAML: the outcome is a value that JSON can say, or an error.
#include "base/yaml.hpp"

#include "base/json.hpp"
#include "fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = cell::parse_yaml(fuzz::text_of(data, size));
  if (!value) {
    fuzz::require(!value.error().message.empty());
    return 0;
  }
  cell::dump_json(*value);
  return 0;
}
