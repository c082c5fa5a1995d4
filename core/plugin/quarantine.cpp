#include "plugin/quarantine.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "base/atomic_file.hpp"
#include "base/json.hpp"

namespace cell::plugin {

namespace {

constexpr std::string_view kMark = ".running";
constexpr std::string_view kEntry = ".quarantined";
constexpr std::size_t kMaxBytes = 64UL * 1024;

Json json_of(const Confined& confined) {
  return {{"version", confined.version},
          {"call", confined.call},
          {"message", confined.message},
          {"since", confined.since}};
}

Confined read_entry(const std::filesystem::path& file) {
  const auto text = read_file(file, kMaxBytes);
  const auto json = text ? parse_json(*text) : Result<Json>(Json::object());
  const Json object = json ? *json : Json::object();
  return {json_string(object, "version"), json_string(object, "call"), json_string(object, "message"),
          json_string(object, "since")};
}

std::string id_of(const std::filesystem::path& file, std::string_view ending) {
  const std::string name = file.filename().string();
  return name.ends_with(ending) ? name.substr(0, name.size() - ending.size()) : std::string();
}

}  // namespace

Quarantine::Mark::~Mark() {
  if (!file_.empty()) ::unlink(file_.c_str());
}

Result<std::unique_ptr<Quarantine>> Quarantine::open(const std::filesystem::path& folder,
                                                     const Clock& clock) {
  CELL_TRY(ensure_directory(folder, 0700));
  remove_temporary_files(folder);
  std::unique_ptr<Quarantine> quarantine(new Quarantine(folder, clock));
  quarantine->load();
  return quarantine;
}

void Quarantine::load() {
  std::vector<std::filesystem::path> files;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, problem))
    files.push_back(entry.path());
  for (const auto& file : files) {
    if (const std::string id = id_of(file, kEntry); !id.empty()) confined_[id] = read_entry(file);
  }
  for (const auto& file : files) {
    // "mail.plan-1.running": several may run at once.
    const std::string id_and_call = id_of(file, kMark);
    if (id_and_call.empty()) continue;
    const std::string id = id_and_call.substr(0, id_and_call.rfind('.'));
    Confined confined = read_entry(file);
    confined.message = "the cell ended while the plugin's " + confined.call + " ran";
    confined.since = format_time(clock_.now());
    if (save(id, confined)) ::unlink(file.c_str());
    confined_[id] = std::move(confined);
  }
}

Result<Quarantine::Mark> Quarantine::mark(const std::string& id, const std::string& version,
                                          const std::string& call) const {
  const std::filesystem::path file =
      folder_ / (id + "." + call + "-" + std::to_string(next_mark_.fetch_add(1)) + std::string(kMark));
  const std::string text = dump_json({{"version", version}, {"call", call}});
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int problem = errno;
  if (fd >= 0) ::close(fd);
  Mark mark(file);
  if (!written) return from_errno(problem, "cannot mark the plugin '" + id + "' as running");
  return mark;
}

Result<void> Quarantine::save(const std::string& id, const Confined& confined) const {
  return write_file_atomic(folder_ / (id + std::string(kEntry)), dump_json_pretty(json_of(confined)), 0600);
}

Result<void> Quarantine::put(const std::string& id, const std::string& version, const std::string& call,
                             const std::string& message) {
  const Confined confined{version, call, message, format_time(clock_.now())};
  const std::lock_guard lock(mutex_);
  // In force even if it cannot be kept over a restart.
  confined_[id] = confined;
  return save(id, confined);
}

Result<void> Quarantine::release(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const std::filesystem::path file = folder_ / (id + std::string(kEntry));
  if (::unlink(file.c_str()) != 0 && errno != ENOENT)
    return from_errno(errno, "cannot release the plugin '" + id + "'");
  confined_.erase(id);
  return {};
}

std::optional<Confined> Quarantine::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = confined_.find(id);
  return found == confined_.end() ? std::optional<Confined>{} : std::optional<Confined>(found->second);
}

}  // namespace cell::plugin
