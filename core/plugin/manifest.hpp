#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace cell::plugin {

// The same text by language; "en" is always there.
using Text = std::map<std::string, std::string>;
// In `language` where there is one, else in English.
std::string in_language(const Text& text, const std::string& language);

enum class Kind { native, declarative };

// What a package may ask for at most, each with its reason for the owner.
struct Permission {
  std::string capability;  // "containers", "ports", "hosts", "dns", "accounts", "people", "http", "exec", …
  Text reason;
  Json details;  // the members beside capability and reason, e.g. {"ports": […]}
};

// A file that an image is built with.
struct RecipeFile {
  std::string path;
  std::string content;
  unsigned mode = 0644;
};
struct RecipeDirectory {
  std::string path;
  std::string user;  // "radicale", "radicale:radicale"; empty: root
  unsigned mode = 0755;
};
struct RecipeUser {
  std::string name;
  int id = 0;
};
// Where an image comes from: one of `reference`, `packages` (with everything below), `bundled`; `packages`
// may have a `reference` as well, which is preferred where its registry answers.
struct ImageSource {
  std::string reference;              // "docker.io/x/y@sha256:…"
  std::vector<std::string> packages;  // of Debian, onto the cell's base image
  std::vector<RecipeFile> files;
  std::vector<RecipeDirectory> directories;
  std::vector<RecipeUser> users;
  std::vector<std::string> entrypoint;
  std::string bundled;  // "files": pic/files, made together with the product
};

struct SecretWish {
  std::string name;
  std::string kind;  // "random", "rsa-2048", "ed25519", "certificate"
};
// The names under which a plugin gets it: "key" and, for pairs of keys, "key_public", for certificates
// "key_chain".
std::vector<std::string> secret_names(const SecretWish& secret);

struct AccountsWish {
  std::string hash;            // "bcrypt", "sha512-crypt", "ssha512"
  std::string login = "name";  // "name": ada · "address": ada@<domain>
  bool quota = false;
};

// manifests/schema/manifest.json as a type.
struct Manifest {
  std::string id;
  std::string label;  // host name and short name
  Text name, summary, description;
  std::string version;  // semantic version
  std::string upstream_version;
  Kind kind = Kind::declarative;
  std::string category;
  std::vector<std::string> provides;
  std::string license, homepage, source, support;
  std::string stage = "stable";
  std::string icon, changelog;       // file names in the package; may be empty
  int abi_major = 0, abi_minor = 0;  // native
  std::string library;               // native: "calendar.so"
  std::vector<std::string> architectures;
  std::string core_minimum, core_maximum;
  std::map<std::string, ImageSource> images;
  std::vector<Permission> permissions;
  Json options;  // JSON Schema; an empty object's schema where there are none
  std::vector<SecretWish> secrets;
  std::optional<AccountsWish> accounts;
  Json contributions;  // declarative: the template
  std::int64_t memory_mb = 0, disk_mb = 0, download_mb = 0;
  std::vector<std::pair<std::string, Text>> breaking;  // version, what the owner has to know
  [[nodiscard]] const Permission* permission(std::string_view capability) const;
};

// From YAML (strict: base/yaml) or JSON text. invalid_argument with a pointer to each wrong place: the
// schema, the options' own schema, labels that are reserved (caddy, dns, ntp, wireguard, ns, www of the cell
// itself), permissions named twice, an ABI or core version that this host cannot serve (reason
// "abi"/"core_version").
Result<Manifest> parse_manifest(std::string_view text);

// -1, 0, 1 by the precedence of Semantic Versioning 2.0.0.
int compare_versions(std::string_view left, std::string_view right);

}  // namespace cell::plugin
