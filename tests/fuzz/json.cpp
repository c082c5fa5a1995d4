// Any bytes as JSON: what is taken is within its limits, and its text is taken again as the same value.
#include "base/json.hpp"

#include "fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value =
      cell::parse_json(fuzz::text_of(data, size), {.max_bytes = 4096, .max_depth = 16, .max_values = 256});
  if (!value) {
    fuzz::require(!value.error().message.empty());
    return 0;
  }
  fuzz::require(size <= 4096);
  const auto again = cell::parse_json(cell::dump_json(*value));
  fuzz::require(again && *again == *value);
  return 0;
}
