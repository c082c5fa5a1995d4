// Any bytes as chronyc's reports and as the name of a time server.
#include "chrony/config.hpp"
#include "fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cell::chrony;
  const std::string_view text = fuzz::text_of(data, size);
  (void)parse_sources(text);
  (void)parse_tracking(text);
  if (check_server(text)) {
    fuzz::require(text.find_first_of(" \t\r\n#") == std::string_view::npos);
  }
  return 0;
}
