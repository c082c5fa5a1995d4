#include "hub/store.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.hpp"
#include "hub/frame.hpp"

namespace cell::hub {
namespace {

constexpr std::size_t kSaveAbove = 256 * 1024;  // about 900 changes; replayed in some milliseconds
constexpr std::size_t kMaxFile = 2 * kMaxFrame;
constexpr JsonLimits kLimits{.max_bytes = kMaxFile, .max_depth = 16, .max_values = 2'000'000};

std::string journal_line(const std::string& base_hash, const std::vector<PeerChange>& changes,
                         const std::string& hash) {
  Json upsert = Json::array();
  Json remove = Json::array();
  for (const auto& change : changes) {
    if (change.after) {
      upsert.push_back(to_json(*change.after));
    } else {
      remove.push_back(change.before->public_key);
    }
  }
  return dump_json({{"base", base_hash},
                    {"upsert", std::move(upsert)},
                    {"remove", std::move(remove)},
                    {"hash", hash}}) +
         "\n";
}

Result<std::vector<PeerChange>> changes_of_line(const Json& line, const PeerTable& table) {
  std::vector<Peer> upsert;
  for (const auto& peer : json_member(line, "upsert")) upsert.push_back(CELL_TRY(peer_from_json(peer)));
  std::vector<std::string> remove;
  for (const auto& key : json_member(line, "remove")) {
    if (!key.is_string()) return field_error("/remove", "must be text");
    remove.push_back(key.get<std::string>());
  }
  return table.plan(upsert, remove);
}

// False when the line can't have been written whole.
bool replay_line(std::string_view text, PeerTable& table) {
  const auto line = parse_json(text, kLimits);
  if (!line || !line->is_object()) return false;
  if (json_string(*line, "base") != table.hash()) return true;
  const auto changes = changes_of_line(*line, table);
  if (!changes) return false;
  table.apply(*changes);
  return true;
}

// A file that was just made is durable only with its directory.
Result<void> sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return from_errno(errno, "cannot open the hub's directory");
  const int failure = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (failure != 0) return from_errno(failure, "cannot sync the hub's directory");
  return {};
}

Result<Document> read_document(const std::string& text) {
  const auto json = CELL_TRY(parse_json(text, kLimits));
  return document_from_json(json);
}

}  // namespace

Store::Store(std::filesystem::path directory) : directory_(std::move(directory)) {}

Store::~Store() {
  if (journal_ >= 0) ::close(journal_);
}

Result<std::optional<Document>> Store::load() {
  CELL_TRY(ensure_directory(directory_, 0700));
  const auto path = directory_ / "document.json";
  const auto text = read_file(path, kMaxFile);
  if (!text && text.error().code == Code::not_found) return std::optional<Document>{};
  if (!text) return text.error();
  auto document = read_document(*text);
  if (!document) {
    std::error_code ignored;
    std::filesystem::rename(path, directory_ / "document.json.broken", ignored);
    return std::move(document).error().within("the stored hub document is kept as 'document.json.broken'");
  }
  PeerTable table(std::move(document).value());
  const auto journal = read_file(directory_ / "changes.journal", kMaxFile);
  if (!journal && journal.error().code != Code::not_found) return journal.error();
  std::string_view rest = journal ? std::string_view(*journal) : std::string_view{};
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos || !replay_line(rest.substr(0, end), table)) {
      has_torn_tail_ = true;
      break;
    }
    rest.remove_prefix(end + 1);
  }
  return std::optional<Document>(table.document());
}

Result<void> Store::save(const Document& document) {
  CELL_TRY(write_file_atomic(directory_ / "document.json", dump_json(to_json(document)), 0600));
  CELL_TRY(open_journal());
  // Only after the whole document is safe; until then its lines are skipped by their hashes.
  if (::ftruncate(journal_, 0) != 0) return from_errno(errno, "cannot empty the journal of the hub");
  journal_bytes_ = 0;
  has_torn_tail_ = false;
  return {};
}

Result<void> Store::append(const std::string& base_hash, const std::vector<PeerChange>& changes,
                           const std::string& hash) {
  CELL_TRY(open_journal());
  return write_line(journal_line(base_hash, changes, hash));
}

bool Store::wants_save() const { return has_torn_tail_ || journal_bytes_ > kSaveAbove; }

Result<void> Store::open_journal() {
  if (journal_ >= 0) return {};
  const auto path = directory_ / "changes.journal";
  journal_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (journal_ < 0) return from_errno(errno, "cannot open the journal of the hub");
  struct stat facts {};
  if (::fstat(journal_, &facts) == 0) journal_bytes_ = static_cast<std::size_t>(facts.st_size);
  return sync_directory(directory_);
}

Result<void> Store::write_line(const std::string& line) {
  std::size_t written = 0;
  int failure = 0;
  while (written < line.size() && failure == 0) {
    const auto count = ::write(journal_, line.data() + written, line.size() - written);
    if (count >= 0) written += static_cast<std::size_t>(count);
    if (count < 0 && errno != EINTR) failure = errno;
  }
  if (failure == 0 && ::fdatasync(journal_) != 0) failure = errno;
  if (failure == 0) {
    journal_bytes_ += line.size();
    return {};
  }
  // Half a line would hide every line after it.
  if (::ftruncate(journal_, static_cast<off_t>(journal_bytes_)) != 0) has_torn_tail_ = true;
  return from_errno(failure, "cannot write the journal of the hub");
}

}  // namespace cell::hub
