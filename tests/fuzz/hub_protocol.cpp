// Any bytes at the hub's socket: frames come out the same wherever they were cut, and a document that is
// taken is written and read back as the same one.
#include "fuzz/require.hpp"
#include "hub/frame.hpp"
#include "hub/protocol.hpp"

namespace {

std::optional<std::vector<std::string>> frames_of(std::string_view text, std::size_t piece) {
  cell::hub::FrameReader reader;
  std::vector<std::string> frames;
  while (!text.empty()) {
    const std::size_t count = std::min(piece, text.size());
    reader.append(text.substr(0, count));
    text.remove_prefix(count);
    for (;;) {
      auto next = reader.next();
      if (!next) return {};
      if (!*next) break;
      frames.push_back(std::move(**next));
    }
  }
  return frames;
}

void read_payload(std::string_view text) {
  using namespace cell::hub;
  (void)result_from_text(text);
  const auto request = request_from_text(text);
  if (request) {
    const auto again = request_from_text(cell::dump_json(to_json(*request)));
    fuzz::require(again && again->index() == request->index());
    if (const auto* apply = std::get_if<ApplyRequest>(&*request)) {
      fuzz::require(std::get<ApplyRequest>(*again).document == apply->document);
      fuzz::require(hash_of(apply->document) == hash_of(std::get<ApplyRequest>(*again).document));
    }
  }
  if (const auto json = cell::parse_json(text)) {
    (void)report_from_json(*json);
    (void)status_from_json(*json);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto frames = frames_of(text, std::max<std::size_t>(size, 1));
  fuzz::require(!frames || frames == frames_of(text, 1));
  read_payload(text);
  for (const auto& frame : frames.value_or(std::vector<std::string>{})) read_payload(frame);
  return 0;
}
