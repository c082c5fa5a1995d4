#include "config/store.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/atomic_file.hpp"
#include "config/listeners.hpp"
#include "config/revision_file.hpp"

namespace cell::config {

namespace fs = std::filesystem;

namespace {

constexpr mode_t kFileMode = 0600;

// Keeps a second process out for as long as it lives.
class DirectoryLock {
 public:
  ~DirectoryLock() {
    if (fd_ >= 0) ::close(fd_);
  }
  Result<void> take(const fs::path& directory) {
    const fs::path path = directory / ".lock";
    fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
    if (fd_ < 0) return from_errno(errno, "cannot open '" + path.string() + "'");
    if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return {};
    return Error{Code::conflict, "another celld uses '" + directory.string() + "'",
                 "stop it first, or set CELL_DIR to another folder"};
  }

 private:
  int fd_ = -1;
};

// The snapshot that readers get. Not std::atomic<std::shared_ptr>: that of libstdc++ 12 spins on a bit, so a
// thread that loses its processor meanwhile makes every other reader burn a whole time slice.
class Current {
 public:
  [[nodiscard]] Snapshot load() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }
  void store(Snapshot snapshot) {
    const std::lock_guard lock(mutex_);
    snapshot_.swap(snapshot);
  }

 private:
  mutable std::mutex mutex_;
  Snapshot snapshot_;
};

constexpr std::string_view kDocumentName = "cell_config.json";

// True for a document that is there and cannot be right; a disk that does not answer says nothing about it.
bool means_damaged(const Error& error) {
  return error.code == Code::invalid_argument || error.code == Code::too_large ||
         error.code == Code::not_found;
}

// Where a damaged document is kept; never a name that is taken.
fs::path name_for_bad(const fs::path& document, TimePoint now) {
  const std::string base = document.string() + ".bad-" + std::to_string(to_unix(now));
  fs::path name = base;
  std::error_code problem;
  for (int i = 2; fs::exists(name, problem); ++i) name = base + "-" + std::to_string(i);
  return name;
}

}  // namespace

struct Store::Impl {
  Options options;
  DirectoryLock lock;
  LoadReport report;
  Current current;
  std::mutex writer;
  Listeners listeners;

  [[nodiscard]] fs::path document_path() const { return options.directory / kDocumentName; }
  [[nodiscard]] fs::path revisions_path() const { return options.directory / "revisions"; }
  [[nodiscard]] fs::path path_of(std::int64_t number) const {
    return revision_path(revisions_path(), number);
  }
  [[nodiscard]] std::int64_t newest_schema() const {
    return static_cast<std::int64_t>(options.migrations.size()) + 1;
  }

  [[nodiscard]] Result<void> check_shape(const Json& root) const;
  [[nodiscard]] Result<void> check(const Json& root) const;
  [[nodiscard]] Result<Json> migrate(Json root) const;
  [[nodiscard]] Result<Snapshot> take(Json root) const;
  Result<void> load();
  Result<void> start_first();
  Result<void> fall_back(const Error& problem);
  Result<void> save(const Json& root, const CommitOptions& commit) const;
  Result<void> save_migrated(Snapshot loaded, std::int64_t from);
  void remove_unpublished() const;
  void prune() const;
};

Result<void> Store::Impl::check_shape(const Json& root) const {
  if (!root.is_object()) return Error{Code::invalid_argument, "the configuration is not an object"};
  if (options.schema) CELL_TRY(options.schema->check(root));
  return {};
}

Result<void> Store::Impl::check(const Json& root) const {
  CELL_TRY(check_shape(root));
  for (const Validator& validator : options.validators) CELL_TRY(validator(root));
  return {};
}

Result<Json> Store::Impl::migrate(Json root) const {
  const std::int64_t version = json_int(root, "schema", 1);
  if (version > newest_schema()) {
    return Error{Code::unsupported, "the configuration was written by a newer version of the cell",
                 "install that version again, or restore a backup of this one"};
  }
  for (auto next = static_cast<std::size_t>(std::max<std::int64_t>(version, 1));
       next <= options.migrations.size(); ++next) {
    root = CELL_TRY_DOING(options.migrations[next - 1](std::move(root)),
                          "cannot bring the configuration up to date");
    root["schema"] = static_cast<std::int64_t>(next) + 1;
  }
  return root;
}

// A document from a file, brought up to date and held against the schema. Not against the validators: a rule
// that is new must not keep the cell from starting with the configuration it has.
Result<Snapshot> Store::Impl::take(Json root) const {
  auto document = std::make_shared<Document>();
  document->root = CELL_TRY(migrate(std::move(root)));
  CELL_TRY(check_shape(document->root));
  document->revision = json_int(document->root, "revision");
  if (document->revision < 1) return Error{Code::invalid_argument, "the document has no revision"};
  return Snapshot(std::move(document));
}

// The revision file first: whatever stops us in between, cell_config.json is the old document or the new one.
Result<void> Store::Impl::save(const Json& root, const CommitOptions& commit) const {
  const std::int64_t number = json_int(root, "revision");
  const std::string text = dump_json_pretty(root);
  const Revision meta{number, options.clock->now(), commit.actor, commit.summary, 0};
  CELL_TRY(write_file_atomic(path_of(number), revision_text(meta, text), kFileMode));
  auto written = write_file_atomic(document_path(), text, kFileMode);
  if (!written) {
    std::error_code ignored;
    fs::remove(path_of(number), ignored);
  }
  return written;
}

// Revisions above the document's were being saved when the process ended and were never in force.
void Store::Impl::remove_unpublished() const {
  const std::int64_t newest = current.load()->revision;
  for (const std::int64_t number : revision_numbers(revisions_path())) {
    std::error_code ignored;
    if (number > newest) fs::remove(path_of(number), ignored);
  }
}

void Store::Impl::prune() const {
  const auto numbers = revision_numbers(revisions_path());
  for (std::size_t i = options.keep_revisions; i < numbers.size(); ++i) {
    std::error_code ignored;
    fs::remove(path_of(numbers[i]), ignored);
  }
}

Result<void> Store::Impl::start_first() {
  report.first_start = true;
  auto document = std::make_shared<Document>();
  document->root = options.initial;
  document->root["revision"] = 1;
  document->root["schema"] = newest_schema();
  document->revision = 1;
  CELL_TRY(check(document->root));
  CELL_TRY(save(document->root, {.actor = "system", .summary = "first start"}));
  current.store(Snapshot(std::move(document)));
  return {};
}

Result<void> Store::Impl::save_migrated(Snapshot loaded, std::int64_t from) {
  auto document = std::make_shared<Document>(*loaded);
  document->root["revision"] = ++document->revision;
  CELL_TRY(save(document->root, {.actor = "system",
                                 .summary = "brought from schema " + std::to_string(from) + " to " +
                                            std::to_string(newest_schema())}));
  current.store(Snapshot(std::move(document)));
  return {};
}

Result<void> Store::Impl::load() {
  const Result<std::string> text = read_file(document_path());
  const bool missing = !text && text.error().code == Code::not_found;
  if (missing && revision_numbers(revisions_path()).empty()) return start_first();
  Result<Json> root = text ? parse_json(*text) : Result<Json>(text.error());
  const std::int64_t version = root ? json_int(*root, "schema", 1) : newest_schema();
  Result<Snapshot> loaded = root ? take(std::move(root).value()) : Result<Snapshot>(root.error());
  if (!loaded && means_damaged(loaded.error())) return fall_back(loaded.error());
  if (!loaded) return std::move(loaded).error();
  current.store(*loaded);
  remove_unpublished();
  return version == newest_schema() ? Result<void>() : save_migrated(*loaded, version);
}

Result<void> Store::Impl::fall_back(const Error& problem) {
  report.fell_back = true;
  report.problem = problem.message;
  std::error_code failed;
  Snapshot good;
  for (const std::int64_t number : revision_numbers(revisions_path())) {
    auto root = read_revision_document(path_of(number), number);
    auto taken = root ? take(std::move(root).value()) : Result<Snapshot>(root.error());
    if (!taken || (*taken)->revision != number) continue;
    good = std::move(taken).value();
    break;
  }
  // With an empty document the cell would greet the next visitor with its set-up page.
  if (!good) {
    return Error{Code::internal,
                 "the configuration is damaged and no good revision is left: " + problem.message,
                 "restore a backup into '" + options.directory.string() + "'"};
  }
  if (fs::exists(document_path(), failed)) {
    report.kept_bad_file = name_for_bad(document_path(), options.clock->now());
    fs::rename(document_path(), report.kept_bad_file, failed);
    if (failed) return from_errno(failed.value(), "cannot keep the damaged configuration aside");
  }
  CELL_TRY(write_file_atomic(document_path(), dump_json_pretty(good->root), kFileMode));
  current.store(std::move(good));
  return {};
}

Store::Store() : impl_(std::make_unique<Impl>()) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(Options options) {
  auto store = std::unique_ptr<Store>(new Store());
  store->impl_->options = std::move(options);
  CELL_TRY(ensure_directory(store->impl_->revisions_path(), 0700));
  CELL_TRY(store->impl_->lock.take(store->impl_->options.directory));
  remove_temporary_files(store->impl_->options.directory);
  remove_temporary_files(store->impl_->revisions_path());
  CELL_TRY(store->impl_->load());
  return store;
}

const LoadReport& Store::load_report() const { return impl_->report; }
Snapshot Store::snapshot() const { return impl_->current.load(); }

Result<Snapshot> Store::commit(const CommitOptions& options, const Edit& edit) {
  std::unique_lock guard(impl_->writer);
  const Snapshot before = impl_->current.load();
  if (options.expected_revision && *options.expected_revision != before->revision) {
    return Error{Code::precondition_failed,
                 "the configuration was changed meanwhile: revision " + std::to_string(before->revision) +
                     " is current, not " + std::to_string(*options.expected_revision),
                 "load it again and repeat the change"};
  }
  auto after = std::make_shared<Document>(*before);
  CELL_TRY(edit(after->root));
  // These two are the store's own, whatever the edit made of them.
  for (const char* own : {"revision", "schema"}) after->root[own] = before->root[own];
  if (after->root == before->root) return before;
  after->revision = before->revision + 1;
  after->root["revision"] = after->revision;
  CELL_TRY(impl_->check(after->root));
  CELL_TRY(impl_->save(after->root, options));
  const Snapshot published = after;
  impl_->current.store(published);
  impl_->prune();
  const std::uint64_t ticket = impl_->listeners.enqueue(before, published);
  guard.unlock();
  impl_->listeners.deliver(ticket);
  return published;
}

Result<std::vector<Revision>> Store::revisions() const {
  std::vector<Revision> list;
  for (const std::int64_t number : revision_numbers(impl_->revisions_path())) {
    if (auto meta = read_revision_meta(impl_->path_of(number))) list.push_back(std::move(meta).value());
  }
  return list;
}

Result<Json> Store::revision(std::int64_t number) const {
  auto document = read_revision_document(impl_->path_of(number), number);
  if (document || document.error().code != Code::not_found) return document;
  return Error{Code::not_found, "there is no revision " + std::to_string(number),
               "the last " + std::to_string(impl_->options.keep_revisions) + " are kept"};
}

Result<Json> Store::migrated_revision(std::int64_t number) const {
  return impl_->migrate(CELL_TRY(revision(number)));
}

Result<Snapshot> Store::restore(std::int64_t number, const CommitOptions& options) {
  Json old = CELL_TRY(migrated_revision(number));
  CommitOptions commit_options = options;
  if (commit_options.summary.empty()) commit_options.summary = "restored revision " + std::to_string(number);
  // commit() gives it a number of its own, which goes on rising, so that a stale If-Match stays stale.
  return commit(commit_options, [&old](Json& root) -> Result<void> {
    root = std::move(old);
    return {};
  });
}

void Store::subscribe(Listener listener) { impl_->listeners.add(std::move(listener)); }

}  // namespace cell::config
