#include "plugin/manifest_read.hpp"

namespace cell::plugin {

namespace {

ImageSource read_image(const Json& json) {
  ImageSource image;
  image.reference = json_string(json, "reference");
  image.packages = read_strings(json_member(json, "packages"));
  image.entrypoint = read_strings(json_member(json, "entrypoint"));
  image.bundled = json_string(json, "bundled");
  for (const Json& file : json_member(json, "files"))
    image.files.push_back({json_string(file, "path"), json_string(file, "content"), read_mode(file, 0644)});
  for (const Json& directory : json_member(json, "directories")) {
    image.directories.push_back(
        {json_string(directory, "path"), json_string(directory, "user"), read_mode(directory, 0755)});
  }
  for (const Json& user : json_member(json, "users"))
    image.users.push_back({json_string(user, "name"), static_cast<int>(json_int(user, "id"))});
  return image;
}

Permission read_permission(const Json& json) {
  Permission permission{json_string(json, "capability"), read_text(json_member(json, "reason")), json};
  permission.details.erase("capability");
  permission.details.erase("reason");
  return permission;
}

std::string label_of(const std::string& id) {
  const auto dot = id.rfind('.');
  return dot == std::string::npos ? id : id.substr(dot + 1);
}

void read_texts(const Json& json, Manifest& manifest) {
  manifest.id = json_string(json, "id");
  manifest.label = json_string(json, "label", label_of(manifest.id));
  manifest.name = read_text(json_member(json, "name"));
  manifest.summary = read_text(json_member(json, "summary"));
  manifest.description = read_text(json_member(json, "description"));
  manifest.version = json_string(json, "version");
  manifest.upstream_version = json_string(json, "upstream_version");
  manifest.category = json_string(json, "category");
  manifest.provides = read_strings(json_member(json, "provides"));
  manifest.license = json_string(json, "license");
  manifest.homepage = json_string(json, "homepage");
  manifest.source = json_string(json, "source");
  manifest.support = json_string(json, "support");
  manifest.stage = json_string(json, "stage", "stable");
  manifest.icon = json_string(json, "icon");
  manifest.changelog = json_string(json, "changelog");
  manifest.core_minimum = json_string(json_member(json, "core"), "minimum");
  manifest.core_maximum = json_string(json_member(json, "core"), "maximum");
}

void read_needs(const Json& json, Manifest& manifest) {
  for (const auto& [key, image] : json_member(json, "images").items())
    manifest.images[key] = read_image(image);
  for (const Json& permission : json_member(json, "permissions"))
    manifest.permissions.push_back(read_permission(permission));
  manifest.options = json.value("options", Json{{"type", "object"}, {"properties", Json::object()}});
  for (const Json& secret : json_member(json, "secrets"))
    manifest.secrets.push_back({json_string(secret, "name"), json_string(secret, "kind")});
  if (json.contains("accounts")) {
    const Json& accounts = json["accounts"];
    manifest.accounts = AccountsWish{json_string(accounts, "hash"), json_string(accounts, "login", "name"),
                                     json_bool(accounts, "quota")};
  }
  const Json& resources = json_member(json, "resources");
  manifest.memory_mb = json_int(resources, "memory_mb");
  manifest.disk_mb = json_int(resources, "disk_mb");
  manifest.download_mb = json_int(resources, "download_mb");
}

}  // namespace

Text read_text(const Json& text) {
  Text result;
  for (const auto& [language, words] : text.items()) result[language] = words.get<std::string>();
  return result;
}

std::vector<std::string> read_strings(const Json& array) {
  std::vector<std::string> result;
  for (const Json& item : array) result.push_back(item.get<std::string>());
  return result;
}

unsigned read_mode(const Json& object, unsigned fallback) {
  const std::string text = json_string(object, "mode");
  return text.empty() ? fallback : static_cast<unsigned>(std::stoul(text, nullptr, 8));
}

Manifest read_manifest(const Json& document) {
  Manifest manifest;
  read_texts(document, manifest);
  read_needs(document, manifest);
  if (json_string(document, "kind") == "native") {
    manifest.kind = Kind::native;
    manifest.abi_major = static_cast<int>(json_int(document["abi"], "major"));
    manifest.abi_minor = static_cast<int>(json_int(document["abi"], "minor"));
    manifest.library = json_string(document["library"], "name");
    manifest.architectures = read_strings(document["library"]["architectures"]);
  }
  manifest.contributions = json_member(document, "contributions");
  for (const Json& item : json_member(json_member(document, "update"), "breaking"))
    manifest.breaking.emplace_back(json_string(item, "version"), read_text(item["text"]));
  return manifest;
}

}  // namespace cell::plugin
