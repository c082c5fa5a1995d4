// Any JSON as the engine's answers: members of other types than expected are left out, nothing throws.
#include "engine/parse.hpp"
#include "engine/stats.hpp"
#include "fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cell::engine;
  const std::string text(fuzz::text_of(data, size));
  (void)engine_error(500, text, "list containers");
  (void)choose_api_version("1.47", text);
  (void)split_reference(text);
  const auto json = cell::parse_json(text);
  if (!json) return 0;
  (void)parse_container(*json);
  (void)parse_network(*json);
  (void)parse_volume(*json);
  (void)parse_event(*json);
  (void)parse_info(*json, "1.47");
  (void)parse_stats("web", *json);
  const CpuSample sample = cpu_sample(*json);
  fuzz::require(cpu_percent({1, 1}, sample) >= 0);
  return 0;
}
