#include "domain/store/shelf.hpp"

#include "base/atomic_file.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace cell::store {

namespace {

constexpr std::chrono::minutes kDownloadLimit{20};

}  // namespace

Result<Shelf> Shelf::at(const std::string& location, Fetch fetch) {
  std::string text = location;
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  if (text.starts_with("https://") || text.starts_with("http://")) return Shelf(text, true, std::move(fetch));
  const std::filesystem::path path(text);
  if (path.is_absolute() && path == path.lexically_normal()) return Shelf(text, false, std::move(fetch));
  return field_error("/location", "a store is an address (https://…) or the absolute path of a folder",
                     "for example 'https://example.org/store'");
}

Result<std::string> Shelf::download(const std::string& file, std::size_t max_bytes,
                                    const std::function<void(double)>& advance) const {
  http::ClientRequest request;
  request.url = location_ + "/" + file;
  request.limit = kDownloadLimit;
  request.max_reply = max_bytes;
  request.advance = advance;
  auto reply = CELL_TRY(fetch_(request));
  if (reply.status == 200) return std::move(reply.body);
  return Error{Code::unavailable, "'" + request.url + "' answers with status " + std::to_string(reply.status),
               "check the store's address"};
}

Result<std::string> Shelf::read(const std::string& file, std::size_t max_bytes) const {
  if (is_web_) return download(file, max_bytes, {});
  return read_file(std::filesystem::path(location_) / file, max_bytes);
}

Result<std::filesystem::path> Shelf::bring(const Wanted& wanted, const std::filesystem::path& cache,
                                           const std::function<void(double)>& advance) const {
  if (!is_web_) return std::filesystem::path(location_) / wanted.file;
  std::error_code ignored;
  if (std::filesystem::exists(cache, ignored)) return cache;
  const std::string bytes = CELL_TRY(download(wanted.file, wanted.max_bytes, advance));
  // An error page with status 200, a transfer that broke off: such a file must not stay.
  if (crypto::to_hex(crypto::sha256(bytes)) != wanted.sha256)
    return Error{Code::forbidden,
                 "what came for '" + wanted.file + "' is not what the index lists",
                 "refresh the store; if it stays so, tell the store's owner",
                 {},
                 "digest"};
  CELL_TRY(ensure_directory(cache.parent_path(), 0700));
  CELL_TRY(write_file_atomic(cache, bytes, 0600));
  return cache;
}

}  // namespace cell::store
