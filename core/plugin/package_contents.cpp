#include "plugin/package_contents.hpp"

namespace cell::plugin {

namespace {

constexpr std::size_t kHexDigits = 64;

Error bad(std::string detail) {
  return Error{Code::invalid_argument, "the package is not in order: " + std::move(detail)};
}

Result<std::map<std::string, std::string>> parse_sums(std::string_view text) {
  std::map<std::string, std::string> sums;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return bad("SHA256SUMS does not end with a line break");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const std::string_view digits = line.substr(0, kHexDigits);
    if (line.size() < kHexDigits + 3 || line.substr(kHexDigits, 2) != "  " ||
        digits.find_first_not_of("0123456789abcdef") != std::string_view::npos)
      return bad("a line of SHA256SUMS is not '<sha256>  <name>'");
    const std::string name(line.substr(kHexDigits + 2));
    if (!sums.emplace(name, digits).second) return bad("SHA256SUMS names '" + name + "' twice");
  }
  return sums;
}

Result<void> check_sums(const Contents& contents, const std::string& text) {
  const auto listed = CELL_TRY(parse_sums(text));
  for (const auto& [name, sum] : contents.sums) {
    const auto found = listed.find(name);
    if (found == listed.end()) return bad("'" + name + "' is not in SHA256SUMS");
    if (found->second != sum) return bad("'" + name + "' is not the file that SHA256SUMS names");
  }
  for (const auto& [name, sum] : listed) {
    if (!contents.sums.contains(name)) return bad("'" + name + "' of SHA256SUMS is missing");
  }
  return {};
}

Result<void> check_named_files(const Manifest& manifest, const Contents& contents) {
  for (const std::string& name : {manifest.library, manifest.icon, manifest.changelog}) {
    if (!name.empty() && !contents.sums.contains(name))
      return bad("the manifest's '" + name + "' is missing");
  }
  for (const auto& [name, sum] : contents.sums) {
    if (name.find(".so") != std::string::npos && name != manifest.library)
      return bad("'" + name + "' is a library that the manifest does not name");
  }
  return {};
}

Error unsigned_package() {
  Error error{Code::forbidden, "the package is not signed", "take it from a source whose key you trust"};
  error.reason = "signature";
  return error;
}

}  // namespace

bool is_text_file(std::string_view name) {
  return name == kManifestFile || name == kSumsFile || name == kSignatureFile || name == "LICENSE" ||
         name.ends_with(".svg") || name.ends_with(".md");
}

Result<Checked> check_contents(const Contents& contents, const FindKey& find_key) {
  const auto text = [&](const char* name) -> const std::string* {
    const auto found = contents.texts.find(name);
    return found == contents.texts.end() ? nullptr : &found->second;
  };
  if (text(kSumsFile) == nullptr) return bad("SHA256SUMS is missing");
  if (text(kManifestFile) == nullptr) return bad("manifest.yaml is missing");
  // Before the manifest is believed: the sums, then who signed them.
  CELL_TRY(check_sums(contents, *text(kSumsFile)));
  Checked checked;
  std::optional<Signature> signature;
  if (text(kSignatureFile) != nullptr) signature = CELL_TRY(parse_signature(*text(kSignatureFile)));
  if (!signature && find_key) return unsigned_package();
  checked.manifest = CELL_TRY_DOING(parse_manifest(*text(kManifestFile)), "manifest.yaml");
  if (signature) checked.key_id = signature->key_id;
  if (find_key) {
    const std::string key = CELL_TRY(find_key(signature->key_id, checked.manifest.id));
    CELL_TRY(check_signature(*text(kSumsFile), *signature, key));
  }
  CELL_TRY(check_named_files(checked.manifest, contents));
  return checked;
}

}  // namespace cell::plugin
