#include "domain/store/store.hpp"

#include <set>

#include "base/atomic_file.hpp"
#include "crypto/digest.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/encoding.hpp"

namespace cell::store {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxIndex = 8 * 1024 * 1024;
constexpr std::size_t kMaxSignature = 4096;
constexpr std::size_t kMaxPackage = 256 * 1024 * 1024;
constexpr std::size_t kKeyFile = 256;
// Of what a store lists, this much is brought here to be looked at.
constexpr std::int64_t kMaxRead = 2LL * 1024 * 1024 * 1024;

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

// What the UI calls the state of a source that could not be read.
std::string state_of(const Error& error) {
  if (error.reason == "expired") return "expired";
  const bool away =
      error.code == Code::unavailable || error.code == Code::timeout || error.code == Code::not_found;
  return away ? "unreachable" : "refused";
}

bool is_newer(const Listed& left, const Listed& right) {
  return plugin::compare_versions(left.version, right.version) > 0;
}

}  // namespace

Store::Store(Parts parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Store>> Store::open(Parts parts) {
  CELL_TRY(parts.database.migrate(
      "store",
      {"CREATE TABLE store_seen(name TEXT PRIMARY KEY, version INTEGER NOT NULL, sha256 TEXT NOT NULL)"}));
  CELL_TRY(ensure_directory(parts.unpacked, 0700));
  plugin::remove_unfinished(parts.unpacked);
  return std::unique_ptr<Store>(new Store(std::move(parts)));
}

// The shipped one first.
std::vector<SourceState> Store::known_sources() const {
  std::vector<SourceState> sources;
  SourceState shipped{{kShipped, parts_.shipped.string(), {}, {}, {}}, true};
  if (const auto key = read_file(parts_.shipped / "store.pub", kKeyFile)) {
    shipped.source.key = trimmed(*key);
    if (auto id = crypto::key_id(shipped.source.key)) shipped.source.key_id = *id;
  }
  sources.push_back(std::move(shipped));
  for (settings::StoreSource& source : settings::store_sources_of(parts_.config.snapshot()->root))
    sources.push_back({std::move(source), false});
  return sources;
}

Result<SeenIndex> Store::seen(const std::string& name) const {
  const auto rows =
      CELL_TRY(parts_.database.query("SELECT version, sha256 FROM store_seen WHERE name = ?", {name}));
  if (rows.empty()) return SeenIndex{};
  return SeenIndex{rows.front().integer(0), rows.front().text(1)};
}

Result<void> Store::remember(const std::string& name, const Index& index, const std::string& sha256) {
  return parts_.database.execute("INSERT OR REPLACE INTO store_seen(name, version, sha256) VALUES(?, ?, ?)",
                                 {name, index.version, sha256});
}

// The shipped index is as old as the product that it is part of; all others must be fresh.
Result<Index> Store::load_index(const SourceState& source) {
  const Shelf shelf = CELL_TRY(Shelf::at(source.source.location, parts_.fetch));
  const std::string text = CELL_TRY(shelf.read("index.json", kMaxIndex));
  const std::string signature = CELL_TRY(shelf.read("index.json.sig", kMaxSignature));
  Index index = CELL_TRY(read_index(text, signature, {source.source.key, source.source.key_id}));
  if (source.first_party) return index;
  const std::string sha256 = crypto::to_hex(crypto::sha256(text));
  CELL_TRY(check_fresh(index, sha256, CELL_TRY(seen(source.source.name)), parts_.clock.now()));
  CELL_TRY(remember(source.source.name, index, sha256));
  return index;
}

bool Store::fits(const Listed& listed) const {
  return listed.architectures.empty() || std::find(listed.architectures.begin(), listed.architectures.end(),
                                                   parts_.architecture) != listed.architectures.end();
}

plugin::FindKey Store::key_of(const SourceState& source) const {
  return [source](const std::string& key_id, const std::string& package_id) -> Result<std::string> {
    if (key_id != source.source.key_id)
      return Error{Code::forbidden,
                   "the package is signed with key " + key_id + ", which store '" + source.source.name +
                       "' does not have",
                   "ask the store's owner",
                   {},
                   "key"};
    if (!source.first_party && !may_publish(source.source.allowed_ids, package_id))
      return Error{Code::forbidden,
                   "store '" + source.source.name + "' may not publish '" + package_id + "'",
                   "an id begins with the publisher's domain, turned round",
                   {},
                   "scope"};
    return source.source.key;
  };
}

Result<fs::path> Store::bring(const SourceState& source, const Listed& listed,
                              const std::function<void(double)>& advance) const {
  const Shelf shelf = CELL_TRY(Shelf::at(source.source.location, parts_.fetch));
  const fs::path cache = parts_.cache / source.source.name / (listed.sha256 + ".cellpkg");
  const auto size = static_cast<std::size_t>(std::max<std::int64_t>(listed.size_bytes, 0));
  return shelf.bring({listed.file, std::min(size, kMaxPackage), listed.sha256}, cache, advance);
}

Offer Store::read_offer(const SourceState& source, const Listed& listed) {
  Offer offer{listed, source.source.name, source.first_party};
  const auto read = [&]() -> Result<plugin::PackageInfo> {
    const fs::path file = CELL_TRY(bring(source, listed, {}));
    plugin::PackageInfo info = CELL_TRY(plugin::read_package(file, key_of(source)));
    const bool is_listed = info.sha256 == listed.sha256 && info.manifest_sha256 == listed.manifest_sha256 &&
                           info.manifest.id == listed.id && info.manifest.version == listed.version;
    if (is_listed) return info;
    return Error{Code::forbidden,
                 "the package '" + listed.file + "' is not the one that the index lists",
                 "ask the store's owner",
                 {},
                 "digest"};
  };
  auto info = read();
  if (info)
    offer.info = std::move(info).value();
  else
    offer.problem = info.error().message;
  return offer;
}

// What an index does not list any more takes no room.
void Store::forget_unlisted(const std::string& name, const std::vector<Listed>& listed) {
  std::set<std::string> kept;
  for (const Listed& package : listed) kept.insert(package.sha256);
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(parts_.cache / name, ignored)) {
    std::error_code inner;
    if (!kept.contains(file.path().stem().string())) fs::remove(file.path(), inner);
  }
  const std::lock_guard lock(mutex_);
  std::erase_if(
      read_, [&](const auto& entry) { return entry.second.source == name && !kept.contains(entry.first); });
}

void Store::load(SourceState source, const std::function<void(double)>& advance) {
  const std::string name = source.source.name;
  auto index = load_index(source);
  if (!index) {
    source.state = state_of(index.error());
    source.problem = index.error().message;
    parts_.log.warn("a store can't be used, what was seen last stays",
                    {{"store", name}, {"state", source.state}, {"reason", source.problem}});
    const std::lock_guard lock(mutex_);
    // Nothing new is installed from a store that is refused, but one that is away was in order when it was
    // read.
    if (source.state == "refused") listed_.erase(name);
    if (const auto known = states_.find(name); known != states_.end()) {
      source.version = known->second.version;
      source.expires = known->second.expires;
    }
    states_[name] = std::move(source);
    return;
  }
  source.state = "ok";
  source.version = index->version;
  source.expires = format_time(index->expires);
  std::vector<Listed> fitting;
  for (Listed& listed : index->packages) {
    if (fits(listed)) fitting.push_back(std::move(listed));
  }
  std::map<std::string, const Listed*> newest;
  for (const Listed& listed : fitting) {
    const Listed*& best = newest[listed.id];
    if (best == nullptr || is_newer(listed, *best)) best = &listed;
  }
  forget_unlisted(name, fitting);
  double done = 0;
  std::int64_t room = kMaxRead;
  for (const auto& [id, listed] : newest) {
    bool is_read = false;
    {
      const std::lock_guard lock(mutex_);
      const auto found = read_.find(listed->sha256);
      is_read = found != read_.end() && found->second.info && found->second.source == name;
    }
    room -= listed->size_bytes;
    if (!is_read) {
      Offer offer{
          *listed, name, source.first_party, {}, "the store's packages are too large to be looked at"};
      if (source.first_party || room >= 0) offer = read_offer(source, *listed);
      const std::lock_guard lock(mutex_);
      read_[listed->sha256] = std::move(offer);
    }
    advance(++done / static_cast<double>(newest.size()));
  }
  const std::lock_guard lock(mutex_);
  listed_[name] = std::move(fitting);
  states_[name] = std::move(source);
}

void Store::refresh(const std::function<void(double)>& advance) {
  const std::lock_guard one_at_a_time(refreshing_);
  const auto sources = known_sources();
  double done = 0;
  for (const SourceState& source : sources) {
    load(source, [&](double part) { advance((done + part) / static_cast<double>(sources.size())); });
    ++done;
  }
  const std::lock_guard lock(mutex_);
  std::set<std::string> names;
  for (const SourceState& source : sources) names.insert(source.source.name);
  std::erase_if(states_, [&](const auto& entry) { return !names.contains(entry.first); });
  std::erase_if(listed_, [&](const auto& entry) { return !names.contains(entry.first); });
}

std::vector<SourceState> Store::sources() const {
  const std::lock_guard lock(mutex_);
  std::vector<SourceState> out;
  for (const auto& [name, state] : states_) out.push_back(state);
  return out;
}

// A service is updated from the store that it came from: another that lists its id would get its data.
std::vector<Offer> Store::offers() const {
  std::map<std::string, std::string> came_from;
  for (const settings::ServiceEntry& entry : settings::services_of(parts_.config.snapshot()->root))
    came_from[entry.id] = entry.source;
  const std::lock_guard lock(mutex_);
  std::map<std::string, Offer> best;
  for (const auto& [name, listed_here] : listed_) {
    const bool first_party = name == kShipped;
    for (const Listed& listed : listed_here) {
      const auto origin = came_from.find(listed.id);
      if (!first_party && origin != came_from.end() && origin->second != name) continue;
      const auto found = best.find(listed.id);
      if (found != best.end()) {
        if (found->second.first_party && !first_party) continue;
        if (found->second.first_party == first_party && !is_newer(listed, found->second.listed)) continue;
      }
      const auto read = read_.find(listed.sha256);
      best[listed.id] = read != read_.end() && read->second.source == name ? read->second
                                                                           : Offer{listed, name, first_party};
    }
  }
  std::vector<Offer> out;
  for (auto& [id, offer] : best) out.push_back(std::move(offer));
  return out;
}

std::optional<Offer> Store::offer(const std::string& id) const {
  for (Offer& offer : offers()) {
    if (offer.listed.id == id) return std::move(offer);
  }
  return std::nullopt;
}

Result<SourceState> Store::source_named(const std::string& name) const {
  const auto sources = known_sources();
  const auto found = std::find_if(sources.begin(), sources.end(),
                                  [&](const SourceState& source) { return source.source.name == name; });
  if (found == sources.end())
    return Error{Code::not_found, "there is no store '" + name + "' any more", "add it again"};
  return *found;
}

Result<Unpacked> Store::fetch(const std::string& id, const std::string& version,
                              const std::function<void(double)>& advance) {
  auto wanted = offer(id);
  if (wanted && !version.empty() && wanted->listed.version != version) {
    const std::lock_guard lock(mutex_);
    const std::string source = wanted->source;
    const bool first_party = wanted->first_party;
    wanted.reset();
    for (const Listed& listed : listed_[source]) {
      if (listed.id == id && listed.version == version) wanted = Offer{listed, source, first_party};
    }
  }
  if (!wanted)
    return Error{
        Code::not_found,
        "no store offers '" + id.substr(0, 64) + "'" + (version.empty() ? "" : " " + version.substr(0, 64)),
        "refresh the store"};
  const SourceState source = CELL_TRY(source_named(wanted->source));
  const fs::path file = CELL_TRY(bring(source, wanted->listed, advance));
  auto package = plugin::unpack_package(file, parts_.unpacked, wanted->listed.sha256, key_of(source));
  if (!package) {
    std::error_code ignored;
    if (file.parent_path() == parts_.cache / source.source.name) fs::remove(file, ignored);
    return package.error();
  }
  if (package->manifest.id != id)
    return Error{Code::forbidden,
                 "the package is '" + package->manifest.id + "', and the index says '" + id + "'",
                 "ask the store's owner",
                 {},
                 "digest"};
  return Unpacked{std::move(*package), wanted->listed.sha256, source.source.name, source.first_party};
}

// Its files were checked against its store's key when it was installed, and against its own sums now: that
// store may be gone, and the folder is root's.
Result<Unpacked> Store::installed(const settings::ServiceEntry& entry) {
  const fs::path folder = parts_.unpacked / entry.id / (entry.version + "-" + entry.package.substr(0, 16));
  auto package = CELL_TRY(plugin::open_unpacked(folder, {}));
  return Unpacked{std::move(package), entry.package, entry.source, entry.source == kShipped};
}

void Store::tidy(const std::string& id) {
  std::set<fs::path> used;
  for (const settings::ServiceEntry& entry : settings::services_of(parts_.config.snapshot()->root))
    used.insert(parts_.unpacked / entry.id / (entry.version + "-" + entry.package.substr(0, 16)));
  std::error_code ignored;
  for (const auto& service : fs::directory_iterator(parts_.unpacked, ignored)) {
    if (!id.empty() && service.path().filename() != id) continue;
    std::error_code inner;
    for (const auto& folder : fs::directory_iterator(service.path(), inner)) {
      if (!used.contains(folder.path())) fs::remove_all(folder.path(), inner);
    }
    if (fs::is_empty(service.path(), inner)) fs::remove(service.path(), inner);
  }
}

Result<SourceState> Store::add_source(const settings::StoreSource& wanted,
                                      const config::CommitOptions& options) {
  SourceState source{wanted, false};
  const auto key_id = crypto::key_id(wanted.key);
  if (!key_id)
    return field_error("/key", "this is no Ed25519 key",
                       "44 characters of base64; the store's owner tells it");
  source.source.key_id = *key_id;
  CELL_TRY(Shelf::at(wanted.location, parts_.fetch));
  const bool taken =
      wanted.name == kShipped ||
      json_member(json_member(parts_.config.snapshot()->root, "store"), "sources").contains(wanted.name);
  if (taken)
    return Error{Code::conflict,
                 "there is a store '" + wanted.name + "' already",
                 "choose another name",
                 {},
                 "name_taken"};
  CELL_TRY_DOING(load_index(source), "the store can't be used");
  CELL_TRY(parts_.config.commit(options, [&](Json& root) -> Result<void> {
    settings::put_store_source(root, source.source);
    return {};
  }));
  const std::lock_guard one_at_a_time(refreshing_);
  load(source, [](double) {});
  return source_named(wanted.name);
}

Result<void> Store::remove_source(const std::string& name, const config::CommitOptions& options) {
  CELL_TRY(parts_.config.commit(options, [&](Json& root) -> Result<void> {
    if (!json_member(json_member(root, "store"), "sources").contains(name))
      return Error{Code::not_found, "there is no store '" + name.substr(0, 64) + "' that could be removed",
                   "the one that comes with the product stays"};
    root["store"]["sources"].erase(name);
    return {};
  }));
  CELL_TRY(parts_.database.execute("DELETE FROM store_seen WHERE name = ?", {name}));
  std::error_code ignored;
  fs::remove_all(parts_.cache / name, ignored);
  const std::lock_guard lock(mutex_);
  states_.erase(name);
  listed_.erase(name);
  return {};
}

}  // namespace cell::store
