#include "plugin/manifest.hpp"

#include "base/version.hpp"
#include "base/yaml.hpp"
#include "cell/abi.h"
#include "plugin/manifest_alternatives.hpp"
#include "plugin/manifest_read.hpp"
#include "plugin/options.hpp"
#include "plugin/schemas.hpp"
#include "plugin/template_check.hpp"

namespace cell::plugin {

namespace {

// Names in the cell's zone that belong to its own parts.
const std::set<std::string_view> kOwnLabels{"api", "caddy", "cell", "dns", "hub",       "localhost",
                                            "ns",  "ntp",   "pki",  "vpn", "wireguard", "www"};

Result<Json> parse_text(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin != std::string_view::npos && text[begin] == '{') return parse_json(text);
  return parse_yaml(text);
}

Error refused(std::string pointer, std::string detail, std::string hint, const char* reason) {
  Error error = field_error(std::move(pointer), std::move(detail), std::move(hint));
  error.reason = reason;
  return error;
}

// Before the schema: a package for another host may have members that this one's schema does not know, and
// "needs a newer cell" says more than "unknown field".
Result<void> check_host_versions(const Json& document) {
  const std::int64_t major = json_int(json_member(document, "abi"), "major", CELL_ABI_MAJOR);
  const std::int64_t minor = json_int(json_member(document, "abi"), "minor");
  if (major != CELL_ABI_MAJOR)
    return refused("/abi/major",
                   "the plugin is built for version " + std::to_string(major) +
                       " of the plugin border, this cell has " + std::to_string(CELL_ABI_MAJOR),
                   major > CELL_ABI_MAJOR ? "update the cell first" : "ask for a newer package", "abi");
  if (minor > CELL_ABI_MINOR)
    return refused("/abi/minor",
                   "the plugin needs version " + std::to_string(major) + "." + std::to_string(minor) +
                       " of the plugin border, this cell has " + std::to_string(CELL_ABI_MAJOR) + "." +
                       std::to_string(CELL_ABI_MINOR),
                   "update the cell first", "abi");
  const std::string minimum = json_string(json_member(document, "core"), "minimum");
  const std::string maximum = json_string(json_member(document, "core"), "maximum");
  if (!minimum.empty() && compare_versions(minimum, version()) > 0)
    return refused("/core/minimum", "needs version " + minimum + " of the cell, this is " + version(),
                   "update the cell first", "core_version");
  if (!maximum.empty() && compare_versions(maximum, version()) < 0)
    return refused("/core/maximum", "works up to version " + maximum + " of the cell, this is " + version(),
                   "ask for a newer package", "core_version");
  return {};
}

void note(Error& error, std::string pointer, std::string detail) {
  error.fields.push_back({std::move(pointer), std::move(detail)});
}

void check_permissions(const Manifest& manifest, Error& error) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < manifest.permissions.size(); ++i) {
    const std::string& capability = manifest.permissions[i].capability;
    if (!seen.insert(capability).second)
      note(error, "/permissions/" + std::to_string(i), "'" + capability + "' stands there twice");
  }
  if (manifest.accounts && manifest.permission("accounts") == nullptr)
    note(error, "/accounts", "needs the permission 'accounts'");
  const Permission* hosts = manifest.permission("hosts");
  for (const Json& host : hosts == nullptr ? Json::array() : json_member(hosts->details, "hosts")) {
    if (kOwnLabels.contains(host.get_ref<const std::string&>()))
      note(error, "/permissions",
           "the host name '" + host.get<std::string>() + "' belongs to the cell itself");
  }
}

void check_secrets(const Manifest& manifest, Error& error) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < manifest.secrets.size(); ++i) {
    bool fresh = true;
    for (const std::string& name : secret_names(manifest.secrets[i]))
      fresh = seen.insert(name).second && fresh;
    if (!fresh)
      note(error, "/secrets/" + std::to_string(i), "'" + manifest.secrets[i].name + "' stands there twice");
  }
}

// What the schema cannot say.
Result<void> check_meaning(const Manifest& manifest) {
  Error error{Code::invalid_argument, ""};
  if (kOwnLabels.contains(manifest.label))
    note(error, "/label", "'" + manifest.label + "' belongs to the cell itself");
  check_permissions(manifest, error);
  check_secrets(manifest, error);
  if (manifest.version.find("-.") != std::string::npos || manifest.version.find("..") != std::string::npos ||
      manifest.version.ends_with('.'))
    note(error, "/version", "is no semantic version");
  if (error.fields.empty()) return {};
  error.message = "'" + error.fields.front().pointer + "' " + error.fields.front().detail;
  return error;
}

}  // namespace

std::string in_language(const Text& text, const std::string& language) {
  auto found = text.find(language);
  if (found == text.end()) found = text.find("en");
  return found == text.end() ? std::string() : found->second;
}

std::vector<std::string> secret_names(const SecretWish& secret) {
  if (secret.kind == "random") return {secret.name};
  return {secret.name, secret.name + (secret.kind == "certificate" ? "_chain" : "_public")};
}

const Permission* Manifest::permission(std::string_view capability) const {
  const auto found = std::find_if(permissions.begin(), permissions.end(),
                                  [&](const Permission& item) { return item.capability == capability; });
  return found == permissions.end() ? nullptr : &*found;
}

Result<Manifest> parse_manifest(std::string_view text) {
  const Json document = CELL_TRY(parse_text(text));
  CELL_TRY(check_host_versions(document));
  CELL_TRY(check_alternatives(document));
  CELL_TRY(manifest_schema().check(document));
  Manifest manifest = read_manifest(document);
  CELL_TRY(check_meaning(manifest));
  CELL_TRY(check_options_schema(manifest.options, "/options"));
  if (manifest.kind == Kind::declarative) CELL_TRY(check_templates(manifest));
  return manifest;
}

}  // namespace cell::plugin
