#include "engine/parse.hpp"

#include <array>
#include <charconv>
#include <functional>

namespace cell::engine {

namespace {

std::map<std::string, std::string> string_map(const Json& object) {
  std::map<std::string, std::string> out;
  if (!object.is_object()) return out;
  for (const auto& [key, value] : object.items()) {
    if (value.is_string()) out[key] = value.get<std::string>();
  }
  return out;
}

std::uint16_t port_number(const Json& object, std::string_view key) {
  return static_cast<std::uint16_t>(json_int(object, key) & 0xffff);
}

std::string without_slash(std::string name) {
  if (name.starts_with('/')) name.erase(0, 1);
  return name;
}

void add_networks(const Json& networks, ContainerSummary& out) {
  if (!networks.is_object()) return;
  for (const auto& [name, endpoint] : networks.items()) {
    out.networks.push_back(name);
    for (const char* key : {"IPAddress", "GlobalIPv6Address"}) {
      if (auto address = json_string(endpoint, key); !address.empty())
        out.addresses.push_back(std::move(address));
    }
  }
}

using Version = std::pair<int, int>;

std::optional<Version> parse_version(std::string_view text) {
  Version version{};
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto read = [](std::string_view part, int& into) {
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), into);
    return error == std::errc{} && end == part.data() + part.size();
  };
  if (!read(text.substr(0, dot), version.first) || !read(text.substr(dot + 1), version.second))
    return std::nullopt;
  return version;
}

// 1.41 came with Docker 20.10, the engine of Debian 12; Podman's compatible socket speaks it too.
constexpr Version kOldest{1, 40};

struct Known {
  std::string_view part;
  Code code;
  std::string_view hint;
};

// Failures that the engine reports as 500 though their cause is plain.
constexpr std::array kKnown{
    Known{"port is already allocated", Code::conflict,
          "another container uses this port; choose another port"},
    Known{"address already in use", Code::conflict,
          "another program on this machine uses this port or address"},
    Known{"no space left on device", Code::unavailable, "free some disk space and try again"},
    Known{"No such image", Code::not_found, "build or pull the image first"},
    Known{"Pool overlaps", Code::conflict,
          "choose another subnet (CELL_NETWORK); this one is used by another network"},
    Known{"error gathering device information", Code::unavailable,
          "the device is missing on this machine; load its kernel module"},
};

}  // namespace

ContainerSummary parse_container(const Json& entry) {
  ContainerSummary out;
  out.id = json_string(entry, "Id");
  if (const Json& names = json_member(entry, "Names"); names.is_array()) {
    // Links show up as "/other/alias"; the container's own name has one slash.
    for (const Json& name : names) {
      if (name.is_string() && name.get_ref<const std::string&>().find('/', 1) == std::string::npos) {
        out.name = without_slash(name.get<std::string>());
      }
    }
  }
  out.image = json_string(entry, "Image");
  out.image_id = json_string(entry, "ImageID");
  out.state = json_string(entry, "State");
  out.status = json_string(entry, "Status");
  out.labels = string_map(json_member(entry, "Labels"));
  if (const Json& ports = json_member(entry, "Ports"); ports.is_array()) {
    for (const Json& port : ports) {
      out.ports.push_back({json_string(port, "IP"), port_number(port, "PublicPort"),
                           port_number(port, "PrivatePort"), json_string(port, "Type")});
    }
  }
  add_networks(json_member(json_member(entry, "NetworkSettings"), "Networks"), out);
  return out;
}

NetworkSummary parse_network(const Json& entry) {
  NetworkSummary out;
  out.id = json_string(entry, "Id");
  out.name = json_string(entry, "Name");
  out.labels = string_map(json_member(entry, "Labels"));
  if (const Json& ranges = json_member(json_member(entry, "IPAM"), "Config"); ranges.is_array()) {
    for (const Json& range : ranges) {
      if (auto subnet = json_string(range, "Subnet"); !subnet.empty())
        out.subnets.push_back(std::move(subnet));
    }
  }
  return out;
}

VolumeSummary parse_volume(const Json& entry) {
  return {json_string(entry, "Name"), string_map(json_member(entry, "Labels"))};
}

ImageSummary parse_image(const Json& entry) {
  ImageSummary out;
  out.id = json_string(entry, "Id");
  if (const Json& tags = json_member(entry, "RepoTags"); tags.is_array()) {
    for (const Json& tag : tags) {
      if (tag.is_string() && tag != "<none>:<none>") out.references.push_back(tag.get<std::string>());
    }
  }
  out.size_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(json_int(entry, "Size"), 0));
  out.created = json_int(entry, "Created");
  out.labels = string_map(json_member(entry, "Labels"));
  return out;
}

Event parse_event(const Json& entry) {
  Event event;
  event.type = json_string(entry, "Type");
  event.action = json_string(entry, "Action");
  event.time_ns = json_int(entry, "timeNano");
  event.attributes = string_map(json_member(json_member(entry, "Actor"), "Attributes"));
  const auto name = event.attributes.find("name");
  event.name = name == event.attributes.end() ? std::string() : name->second;
  return event;
}

EngineInfo parse_info(const Json& info, std::string api_version) {
  return {json_string(info, "ServerVersion"),       std::move(api_version),
          json_string(info, "OperatingSystem"),     json_int(info, "MemTotal"),
          static_cast<int>(json_int(info, "NCPU")), json_string(info, "DockerRootDir")};
}

std::string url_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

std::string label_filter(const std::map<std::string, std::string>& labels) {
  Json list = Json::array();
  for (const auto& [key, value] : labels) list.push_back(value.empty() ? key : key + "=" + value);
  return url_encode(dump_json({{"label", std::move(list)}}));
}

Result<std::string> choose_api_version(std::string_view ours, std::string_view theirs) {
  const auto mine = parse_version(ours);
  const auto other = parse_version(theirs);
  if (!mine || !other) {
    return Error{Code::internal, "the engine names no API version",
                 "check that the socket belongs to Docker or Podman"};
  }
  const Version chosen = std::min(*mine, *other);
  if (chosen < kOldest) {
    return Error{Code::unsupported, "the engine speaks API " + std::string(theirs) + ", which is too old",
                 "install Docker 20.10 or newer"};
  }
  return std::to_string(chosen.first) + "." + std::to_string(chosen.second);
}

std::pair<std::string, std::string> split_reference(const std::string& reference) {
  if (reference.find('@') != std::string::npos) return {reference, ""};
  const auto slash = reference.rfind('/');
  const auto colon = reference.rfind(':');
  if (colon == std::string::npos || (slash != std::string::npos && colon < slash))
    return {reference, "latest"};
  return {reference.substr(0, colon), reference.substr(colon + 1)};
}

Error engine_error(int status, const std::string& body, std::string_view doing) {
  const auto json = parse_json(body);
  std::string message = json ? json_string(*json, "message") : std::string();
  if (message.empty()) message = "the engine answered with status " + std::to_string(status);
  Error error{Code::internal, std::string(doing) + ": " + message};
  for (const Known& known : kKnown) {
    if (message.find(known.part) != std::string::npos) {
      error.code = known.code;
      error.hint = known.hint;
      return error;
    }
  }
  switch (status) {
    case 400:
      error.code = Code::invalid_argument;
      break;
    case 401:
    case 403:
      error.code = Code::forbidden;
      break;
    case 404:
      error.code = Code::not_found;
      break;
    case 409:
      error.code = Code::conflict;
      break;
    case 501:
      error.code = Code::unsupported;
      break;
    case 503:
      error.code = Code::unavailable;
      break;
    default:
      break;
  }
  return error;
}

bool LineSplitter::feed(std::string_view bytes, const std::function<bool(std::string_view)>& on_line) {
  rest_.append(bytes);
  std::size_t start = 0;
  for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', start)) {
    std::string_view line = std::string_view(rest_).substr(start, end - start);
    if (line.ends_with('\r')) line.remove_suffix(1);
    start = end + 1;
    if (!line.empty() && !on_line(line)) return false;
  }
  rest_.erase(0, start);
  return true;
}

}  // namespace cell::engine
