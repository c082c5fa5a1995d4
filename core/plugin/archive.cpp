#include "plugin/archive.hpp"

#include <cerrno>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace cell::plugin {

namespace {

constexpr std::size_t kMaxName = 100;  // as in a tar header
constexpr std::int64_t kFreeOfRatio = 1024 * 1024;

struct CloseReader {
  void operator()(archive* reader) const noexcept { archive_read_free(reader); }
};
struct CloseWriter {
  void operator()(archive* writer) const noexcept { archive_write_free(writer); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const noexcept { archive_entry_free(entry); }
};
using Reader = std::unique_ptr<archive, CloseReader>;
using Writer = std::unique_ptr<archive, CloseWriter>;
using Entry = std::unique_ptr<archive_entry, FreeEntry>;

Error bad(std::string detail) {
  return Error{Code::invalid_argument, "the package cannot be read: " + std::move(detail)};
}

Error from_archive(archive* handle) {
  const char* text = archive_error_string(handle);
  return bad(text == nullptr ? "it is damaged" : text);
}

// The bytes of the archive as they are read, so that what is hashed is what was unpacked.
class Source {
 public:
  explicit Source(int fd) : fd_(fd) {}
  ~Source() { ::close(fd_); }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  static la_ssize_t read(archive* handle, void* context, const void** data) {
    auto* self = static_cast<Source*>(context);
    const la_ssize_t count = self->next();
    if (count < 0) archive_set_error(handle, errno, "it cannot be read from the disk");
    *data = self->buffer_.data();
    return count;
  }

  [[nodiscard]] std::int64_t bytes_read() const { return bytes_read_; }

  Result<std::string> finish() {
    la_ssize_t count = 0;
    do count = next();
    while (count > 0);
    if (count < 0) return from_errno(errno, "cannot read the package");
    return crypto::to_hex(digest_.finish());
  }

 private:
  la_ssize_t next() {
    ssize_t count = 0;
    do count = ::read(fd_, buffer_.data(), buffer_.size());
    while (count < 0 && errno == EINTR);
    if (count <= 0) return count;
    digest_.add({buffer_.data(), static_cast<std::size_t>(count)});
    bytes_read_ += count;
    return count;
  }

  int fd_;
  std::array<char, 65536> buffer_{};
  crypto::Sha256 digest_;
  std::int64_t bytes_read_ = 0;
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
  return text;
}

class Extraction {
 public:
  Extraction(archive* handle, const Source& source, const ArchiveLimits& limits, const TakeBytes& take)
      : handle_(handle), source_(source), limits_(limits), take_(take) {}

  Result<void> run() {
    for (;;) {
      archive_entry* entry = nullptr;
      const int status = archive_read_next_header(handle_, &entry);
      if (status == ARCHIVE_EOF) return {};
      if (status != ARCHIVE_OK) return from_archive(handle_);
      if (archive_filter_code(handle_, 0) != ARCHIVE_FILTER_ZSTD)
        return bad("it is not compressed with zstd");
      const std::string name = CELL_TRY(name_of(entry));
      CELL_TRY(copy(name));
    }
  }

 private:
  Result<std::string> name_of(archive_entry* entry) {
    const char* text = archive_entry_pathname(entry);
    std::string name = text == nullptr ? "" : text;
    if (!is_archive_name(name))
      return bad("'" + name.substr(0, kMaxName) + "' is no name for a file in a package");
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr ||
        archive_entry_symlink(entry) != nullptr)
      return bad("'" + name + "' is not a regular file");
    if (archive_entry_sparse_count(entry) > 0) return bad("'" + name + "' is a file with holes");
    if (names_.size() == limits_.files)
      return too_large("it holds more than " + std::to_string(limits_.files) + " files");
    const std::string folded = lower(name);
    const std::string folder = folded.substr(0, folded.find('/'));
    const bool is_inside = folder.size() != folded.size();
    if (!names_.insert(folded).second || folders_.contains(folded) || (is_inside && names_.contains(folder)))
      return bad("'" + name + "' is there twice");
    if (is_inside) folders_.insert(folder);
    return name;
  }

  static Error too_large(std::string detail) {
    return Error{Code::too_large, "the package cannot be read: " + std::move(detail)};
  }

  Result<void> copy(const std::string& name) {
    std::int64_t size = 0;
    for (;;) {
      const la_ssize_t count = archive_read_data(handle_, buffer_.data(), buffer_.size());
      if (count < 0) return from_archive(handle_);
      size += count;
      total_ += count;
      if (size > limits_.file_bytes) return too_large("'" + name + "' is too large");
      if (total_ > limits_.all_bytes) return too_large("it is too large when unpacked");
      if (total_ > kFreeOfRatio && total_ > limits_.ratio * source_.bytes_read())
        return too_large("it grows too much when unpacked");
      CELL_TRY(take_(name, {buffer_.data(), static_cast<std::size_t>(count)}));
      if (count == 0) return {};
    }
  }

  archive* handle_;
  const Source& source_;
  const ArchiveLimits& limits_;
  const TakeBytes& take_;
  std::set<std::string> names_;
  std::set<std::string> folders_;
  std::int64_t total_ = 0;
  std::vector<char> buffer_ = std::vector<char>(262144);
};

la_ssize_t append(archive*, void* context, const void* data, std::size_t length) {
  static_cast<std::string*>(context)->append(static_cast<const char*>(data), length);
  return static_cast<la_ssize_t>(length);
}

Result<void> add_file(archive* writer, const std::string& name, const std::string& content) {
  const Entry entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(entry.get(), 0, 0);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
  if (archive_write_header(writer, entry.get()) != ARCHIVE_OK ||
      archive_write_data(writer, content.data(), content.size()) != static_cast<la_ssize_t>(content.size()))
    return Error{Code::internal, "cannot write '" + name + "' into a package"};
  return {};
}

}  // namespace

bool is_archive_name(std::string_view name) {
  if (name.size() > kMaxName || std::count(name.begin(), name.end(), '/') > 1) return false;
  for (;;) {
    const auto slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    if (part.empty() || part.front() == '.' || part.front() == '-') return false;
    if (part.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") !=
        std::string_view::npos)
      return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

Result<std::string> read_archive(const std::filesystem::path& path, const ArchiveLimits& limits,
                                 const TakeBytes& take) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return from_errno(errno, "cannot open '" + path.string() + "'");
  Source source(fd);
  const Reader reader(archive_read_new());
  if (!reader || archive_read_support_format_tar(reader.get()) != ARCHIVE_OK ||
      archive_read_support_filter_zstd(reader.get()) != ARCHIVE_OK)
    return Error{Code::internal, "this build of libarchive reads no tar.zst"};
  if (archive_read_open(reader.get(), &source, nullptr, &Source::read, nullptr) != ARCHIVE_OK)
    return from_archive(reader.get());
  CELL_TRY(Extraction(reader.get(), source, limits, take).run());
  return source.finish();
}

Result<std::string> write_archive(const std::map<std::string, std::string>& files) {
  std::string bytes;
  const Writer writer(archive_write_new());
  if (!writer || archive_write_set_format_ustar(writer.get()) != ARCHIVE_OK ||
      archive_write_add_filter_zstd(writer.get()) != ARCHIVE_OK ||
      archive_write_set_options(writer.get(), "zstd:compression-level=19") != ARCHIVE_OK ||
      // Else zeros are put behind the compressed bytes, up to a whole block of a tape.
      archive_write_set_bytes_in_last_block(writer.get(), 1) != ARCHIVE_OK ||
      archive_write_open(writer.get(), &bytes, nullptr, &append, nullptr) != ARCHIVE_OK)
    return Error{Code::internal, "this build of libarchive writes no tar.zst"};
  for (const auto& [name, content] : files) CELL_TRY(add_file(writer.get(), name, content));
  if (archive_write_close(writer.get()) != ARCHIVE_OK)
    return Error{Code::internal, "cannot finish a package"};
  return bytes;
}

}  // namespace cell::plugin
