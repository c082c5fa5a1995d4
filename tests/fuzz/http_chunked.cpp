// Any bytes as a chunked body: the outcome does not depend on where the network cut them.
#include "fuzz/require.hpp"
#include "http/chunked.hpp"

namespace {

constexpr std::size_t kMaxBody = 256;

// The body when it ended, and how much input was left; nothing when it was refused or is not complete.
std::optional<std::pair<std::string, std::size_t>> decode(std::string_view text, std::size_t piece) {
  cell::http::ChunkedDecoder decoder(kMaxBody);
  std::string input;
  while (!text.empty() && !decoder.done()) {
    const std::size_t count = std::min(piece, text.size());
    input += text.substr(0, count);
    text.remove_prefix(count);
    if (decoder.feed(input)) return {};
  }
  if (!decoder.done()) return {};
  return std::pair{decoder.take(), input.size() + text.size()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto whole = decode(text, std::max<std::size_t>(size, 1));
  fuzz::require(whole == decode(text, 1));
  fuzz::require(!whole || whole->first.size() <= kMaxBody);
  return 0;
}
