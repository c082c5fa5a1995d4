// Any bytes as what WireGuard tells of itself (UAPI, `wg show dump`), and as addresses and keys.
#include "fuzz/require.hpp"
#include "wireguard/address.hpp"
#include "wireguard/key.hpp"
#include "wireguard/tool.hpp"
#include "wireguard/uapi.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cell::wireguard;
  const std::string_view text = fuzz::text_of(data, size);
  for (const auto& device : {parse_uapi(text), parse_dump(text)}) {
    if (!device) continue;
    // What was read can be asked for, and then nothing is left to change.
    const DeviceConfig same = changed(*device, {});
    fuzz::require(diff(*device, same).upsert.size() <= device->peers.size());
    fuzz::require(diff(*device, same).remove.empty());
    (void)render_uapi(diff({}, same));
  }
  (void)parse_address(text);
  (void)parse_subnet(text);
  if (const auto hex = key_to_hex(text)) fuzz::require(key_to_base64(*hex).value() == text);
  return 0;
}
