#include "cell/json.hpp"

#include <algorithm>
#include <utility>

#include "cell/text.hpp"

namespace cell::sdk {
namespace {

Error refused(Code code, std::string why) { return {.code = code, .message = std::move(why)}; }

// Depth of brackets outside strings; looked at before parsing, so that no recursion ever meets a deep value.
std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0, deepest = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char byte = text[at];
    if (in_string) {
      if (byte == '\\') ++at;
      if (byte == '"') in_string = false;
    } else if (byte == '"') {
      in_string = true;
    } else if (byte == '[' || byte == '{') {
      deepest = std::max(deepest, ++depth);
    } else if ((byte == ']' || byte == '}') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  if (text.size() > kMaxDocumentBytes)
    return refused(Code::too_large, "the JSON document is longer than 16 MiB");
  if (text.empty()) return refused(Code::invalid_argument, "the JSON document is empty");
  if (!is_utf8(text)) return refused(Code::invalid_argument, "the JSON document is not UTF-8");
  if (depth_of(text) > kMaxDocumentDepth)
    return refused(Code::invalid_argument, "the JSON document is nested deeper than 64 levels");
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) return refused(Code::invalid_argument, "the document is not JSON");
  return value;
}

std::string dump_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string pointer_append(std::string_view pointer, std::string_view token) {
  std::string result(pointer);
  result += '/';
  for (const char byte : token) {
    if (byte == '~') {
      result += "~0";
    } else if (byte == '/') {
      result += "~1";
    } else {
      result += byte;
    }
  }
  return result;
}

}  // namespace cell::sdk
