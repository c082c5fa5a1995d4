#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "engine/client.hpp"

// From the engine's answers to our types, and the other small pure parts of the client.
namespace cell::engine {

ContainerSummary parse_container(const Json& entry);
NetworkSummary parse_network(const Json& entry);
VolumeSummary parse_volume(const Json& entry);
ImageSummary parse_image(const Json& entry);
Event parse_event(const Json& entry);
EngineInfo parse_info(const Json& info, std::string api_version);

// Everything but RFC 3986's unreserved characters as %XX.
std::string url_encode(std::string_view text);

// {"label": ["k=v", …]} for the `filters` parameter, encoded.
std::string label_filter(const std::map<std::string, std::string>& labels);

// Older of the two API versions ("1.41" against "1.47"); unsupported when it is below what celld needs.
Result<std::string> choose_api_version(std::string_view ours, std::string_view theirs);

// "name:tag", "host:5000/name", "name@sha256:…" → {fromImage, tag}; no tag means "latest".
std::pair<std::string, std::string> split_reference(const std::string& reference);

// The failure behind a status above 399, worded with the engine's own message.
Error engine_error(int status, const std::string& body, std::string_view doing);

// Hands on each complete line of what is fed.
class LineSplitter {
 public:
  // False as soon as `on_line` says so.
  bool feed(std::string_view bytes, const std::function<bool(std::string_view)>& on_line);
  [[nodiscard]] std::size_t waiting() const { return rest_.size(); }

 private:
  std::string rest_;
};

}  // namespace cell::engine
