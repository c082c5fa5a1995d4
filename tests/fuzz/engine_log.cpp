// Any bytes as the engine's log stream: what comes out does not depend on where the network cut it, and is
// not more than came in.
#include "engine/log_stream.hpp"
#include "engine/parse.hpp"
#include "fuzz/require.hpp"

namespace {

std::optional<std::pair<std::string, std::string>> take_apart(std::string_view text, std::size_t piece) {
  cell::engine::Demultiplexer demultiplexer;
  while (!text.empty()) {
    const std::size_t count = std::min(piece, text.size());
    if (!demultiplexer.feed(text.substr(0, count))) return {};
    text.remove_prefix(count);
  }
  return std::pair{demultiplexer.out(), demultiplexer.err()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cell::engine;
  const std::string_view text = fuzz::text_of(data, size);
  const auto whole = take_apart(text, std::max<std::size_t>(size, 1));
  fuzz::require(whole == take_apart(text, 1));
  fuzz::require(!whole || whole->first.size() + whole->second.size() <= size);
  const auto merged = merge_lines(parse_log_lines(text, "stdout"), parse_log_lines(text, "stderr"));
  fuzz::require(merged.size() <= 2 * (size + 1));
  (void)to_engine_time(text);
  LineSplitter splitter;
  splitter.feed(text, [](std::string_view line) {
    fuzz::require(line.find('\n') == std::string_view::npos);
    return true;
  });
  fuzz::require(splitter.waiting() <= size);
  return 0;
}
