#include "plugin/package.hpp"

#include "base/atomic_file.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "plugin/package_contents.hpp"

namespace cell::plugin {

namespace {

bool is_listed(const std::string& name) { return name != kSumsFile && name != kSignatureFile; }

// Hashes files as they come and keeps the small ones that are text.
class Collector {
 public:
  Result<void> take(const std::string& name, std::string_view bytes) {
    if (bytes.empty()) {
      if (is_listed(name)) contents_.sums[name] = crypto::to_hex(digest_.finish());
      if (is_text_file(name)) contents_.texts[name] = std::move(text_);
      digest_ = {};
      text_.clear();
      return {};
    }
    digest_.add(bytes);
    if (!is_text_file(name)) return {};
    text_ += bytes;
    if (text_.size() > kMaxTextFile)
      return Error{Code::too_large, "the package is not in order: '" + name + "' is larger than 1 MiB"};
    return {};
  }
  [[nodiscard]] const Contents& contents() const { return contents_; }

 private:
  Contents contents_;
  crypto::Sha256 digest_;
  std::string text_;
};

}  // namespace

std::string package_file_name(const Manifest& manifest) {
  std::string name = manifest.id + "-" + manifest.version;
  if (manifest.kind == Kind::native && manifest.architectures.size() == 1)
    name += "-" + manifest.architectures[0];
  return name + ".cellpkg";
}

std::string sums_of(const std::map<std::string, std::string>& files) {
  std::string lines;
  for (const auto& [name, content] : files) {
    if (is_listed(name)) lines += crypto::to_hex(crypto::sha256(content)) + "  " + name + "\n";
  }
  return lines;
}

Result<std::string> pack(std::map<std::string, std::string> files, const Secret* private_key) {
  Contents contents;
  files.erase(kSignatureFile);
  files[kSumsFile] = sums_of(files);
  if (private_key != nullptr)
    files[kSignatureFile] = CELL_TRY(make_signature(files[kSumsFile], *private_key));
  for (const auto& [name, content] : files) {
    if (!is_archive_name(name))
      return field_error("/files", "'" + name + "' is no name for a file in a package");
    if (is_listed(name)) contents.sums[name] = crypto::to_hex(crypto::sha256(content));
    if (is_text_file(name)) contents.texts[name] = content;
  }
  CELL_TRY(check_contents(contents, {}));
  return write_archive(files);
}

Result<PackageInfo> read_package(const std::filesystem::path& package, const FindKey& find_key) {
  Collector collector;
  PackageInfo info;
  info.sha256 = CELL_TRY(read_archive(package, {}, [&](const std::string& name, std::string_view bytes) {
    return collector.take(name, bytes);
  }));
  Checked checked = CELL_TRY(check_contents(collector.contents(), find_key));
  info.manifest = std::move(checked.manifest);
  info.key_id = std::move(checked.key_id);
  info.manifest_sha256 = collector.contents().sums.at(kManifestFile);
  info.texts = collector.contents().texts;
  std::error_code problem;
  info.size_bytes = static_cast<std::int64_t>(std::filesystem::file_size(package, problem));
  return info;
}

}  // namespace cell::plugin
