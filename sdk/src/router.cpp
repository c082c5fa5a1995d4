#include <cstddef>
#include <utility>

#include "cell/http.hpp"

namespace cell::sdk {
namespace {

int hex_of(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

// %XX → byte; what is not such a triple stays.
std::string decoded(std::string_view segment) {
  std::string result;
  for (std::size_t at = 0; at < segment.size(); ++at) {
    const bool is_triple = segment[at] == '%' && at + 2 < segment.size() && hex_of(segment[at + 1]) >= 0 &&
                           hex_of(segment[at + 2]) >= 0;
    if (!is_triple) {
      result += segment[at];
      continue;
    }
    result += static_cast<char>(hex_of(segment[at + 1]) * 16 + hex_of(segment[at + 2]));
    at += 2;
  }
  return result;
}

// Takes the first segment off `path`, which begins with a slash.
std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t slash = path.find('/');
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(segment.size());
  return segment;
}

using Params = std::map<std::string, std::string>;

// Whether `path` fits `pattern`; fills what the parameters stand for.
bool fits(std::string_view pattern, std::string_view path, Params& params) {
  while (!pattern.empty() && !path.empty()) {
    const std::string_view left = path.substr(1);
    const std::string_view wanted = next_segment(pattern);
    const std::string_view segment = next_segment(path);
    const bool is_param = wanted.size() > 2 && wanted.front() == '{' && wanted.back() == '}';
    if (!is_param) {
      if (wanted != segment) return false;
      continue;
    }
    const std::string_view name = wanted.substr(1, wanted.size() - 2);
    if (name.back() == '*') {
      params[std::string(name.substr(0, name.size() - 1))] = decoded(left);
      return true;
    }
    if (segment.empty()) return false;
    params[std::string(name)] = decoded(segment);
  }
  return pattern.empty() && path.empty();
}

}  // namespace

Router& Router::add(Route route, Handler handler) {
  routes_.push_back(std::move(route));
  handlers_.push_back(std::move(handler));
  return *this;
}

Router& Router::get(std::string path, std::string summary, Access access, Handler handler) {
  return add({.method = "GET", .path = std::move(path), .summary = std::move(summary), .access = access},
             std::move(handler));
}
Router& Router::post(std::string path, std::string summary, Access access, Handler handler) {
  return add({.method = "POST", .path = std::move(path), .summary = std::move(summary), .access = access},
             std::move(handler));
}
Router& Router::put(std::string path, std::string summary, Access access, Handler handler) {
  return add({.method = "PUT", .path = std::move(path), .summary = std::move(summary), .access = access},
             std::move(handler));
}
Router& Router::remove(std::string path, std::string summary, Access access, Handler handler) {
  return add({.method = "DELETE", .path = std::move(path), .summary = std::move(summary), .access = access},
             std::move(handler));
}

Result<Response> Router::dispatch(const Request& request) const {
  bool is_known = false;
  for (std::size_t at = 0; at < routes_.size(); ++at) {
    Params params;
    if (!fits(routes_[at].path, request.path, params)) continue;
    is_known = true;
    if (routes_[at].method != request.method) continue;
    for (const auto& [name, value] : request.params) params.insert_or_assign(name, value);
    if (params.size() == request.params.size()) return handlers_[at](request);
    Request filled = request;
    filled.params = std::move(params);
    return handlers_[at](filled);
  }
  if (is_known)
    return Error{.code = Code::unsupported,
                 .message = "'" + request.path + "' does not take " + request.method};
  return Error{.code = Code::not_found, .message = "there is no route '" + request.path + "'"};
}

}  // namespace cell::sdk
