// Any bytes as /proc/net/tcp and udp.
#include "domain/setup/proc_net.hpp"

#include "fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  for (const bool udp : {false, true}) {
    const auto sockets = cell::setup::parse_proc_net(text, udp);
    fuzz::require(sockets.size() <= size);
    for (const auto& socket : sockets) fuzz::require(socket.udp == udp);
  }
  return 0;
}
