#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/store.hpp"

// Inside core/config only: the files `revisions/<n>.json`. Their first line holds everything but the
// document, so that a list of revisions need not parse twenty documents.
namespace cell::config {

std::filesystem::path revision_path(const std::filesystem::path& directory, std::int64_t number);

// `document` is JSON text.
std::string revision_text(const Revision& meta, const std::string& document);

Result<Revision> read_revision_meta(const std::filesystem::path& path);
// The document; invalid_argument when the file is damaged or of another number.
Result<Json> read_revision_document(const std::filesystem::path& path, std::int64_t number);

// Numbers of the files that are there, newest first.
std::vector<std::int64_t> revision_numbers(const std::filesystem::path& directory);

}  // namespace cell::config
