#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/secret.hpp"
#include "plugin/archive.hpp"
#include "plugin/manifest.hpp"
#include "plugin/signature.hpp"

namespace cell::plugin {

inline constexpr const char* kManifestFile = "manifest.yaml";
inline constexpr const char* kSumsFile = "SHA256SUMS";
inline constexpr const char* kSignatureFile = "SHA256SUMS.sig";

// A package as a file, looked at without unpacking.
struct PackageInfo {
  Manifest manifest;
  std::string manifest_sha256;  // hex
  std::string sha256;           // of the whole file, hex
  std::int64_t size_bytes = 0;
  std::string key_id;                        // who signed; empty when nobody did
  std::map<std::string, std::string> texts;  // small files that are no program: icon, changelog, licence
};

// A package in its own folder, whose every file is what was signed.
struct UnpackedPackage {
  std::filesystem::path folder;
  Manifest manifest;
  std::string sha256;  // of the package, hex; from open_unpacked() only its first 16 digits
  std::string key_id;
  [[nodiscard]] std::filesystem::path library() const { return folder / manifest.library; }
};

// "notes-1.2.0-amd64.cellpkg" for one with a library, "notes-1.2.0.cellpkg" without.
std::string package_file_name(const Manifest& manifest);

// Lines "<sha256>  <name>" in order of names, of all files but SHA256SUMS and its signature.
std::string sums_of(const std::map<std::string, std::string>& files);

// The bytes of a package from its files by name; SHA256SUMS is made here, and its signature where there is a
// key. The same input gives the same bytes. Refused: what read_package() would refuse.
Result<std::string> pack(std::map<std::string, std::string> files, const Secret* private_key);

// Reads and checks: SHA256SUMS lists exactly the files, the signature holds, the manifest is one, what it
// names is there. Without `find_key` the signature may be missing and is not checked.
Result<PackageInfo> read_package(const std::filesystem::path& package, const FindKey& find_key);

// Checks and unpacks into <root>/<id>/<version>-<first 16 digits of its SHA-256>/, made with mode 0700, by a
// temporary folder and a rename: the folder is there as a whole or not at all. The copy is what is hashed. A
// folder that is there already and in order is taken as it is. `expected_sha256` (hex) is what the store's
// index says; empty: any.
Result<UnpackedPackage> unpack_package(const std::filesystem::path& package,
                                       const std::filesystem::path& root, const std::string& expected_sha256,
                                       const FindKey& find_key);

// Checks everything again, for a folder made earlier: before each load.
Result<UnpackedPackage> open_unpacked(const std::filesystem::path& folder, const FindKey& find_key);

// Removes temporary folders that a killed unpack_package() left below `root`.
void remove_unfinished(const std::filesystem::path& root);

}  // namespace cell::plugin
