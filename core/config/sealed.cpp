#include "config/sealed.hpp"

#include "base/atomic_file.hpp"
#include "base/json.hpp"

namespace cell::config {

namespace {

Result<void> check_name(std::string_view name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789._/-";
  if (!name.empty() && name.size() <= 128 && name.find_first_not_of(kAllowed) == std::string_view::npos)
    return {};
  return Error{Code::internal, "'" + std::string(name) + "' is not a name for a secret"};
}

}  // namespace

struct SealedStore::Impl {
  std::filesystem::path file;
  Sealer sealer;
  mutable std::mutex mutex;
  std::map<std::string, std::string, std::less<>> values;  // sealed

  Result<void> write(const std::map<std::string, std::string, std::less<>>& next) {
    CELL_TRY(write_file_atomic(file, dump_json_pretty(Json{{"secrets", next}}), 0600));
    values = next;
    return {};
  }
};

SealedStore::SealedStore() : impl_(std::make_unique<Impl>()) {}
SealedStore::~SealedStore() = default;

Result<std::unique_ptr<SealedStore>> SealedStore::open(const std::filesystem::path& file, Sealer sealer) {
  auto store = std::unique_ptr<SealedStore>(new SealedStore());
  store->impl_->file = file;
  store->impl_->sealer = std::move(sealer);
  auto text = read_file(file);
  if (!text && text.error().code == Code::not_found) return store;
  if (!text) return std::move(text).error();
  const Json json = CELL_TRY_DOING(parse_json(*text), "'" + file.string() + "' is damaged");
  for (const auto& [name, sealed] : json_member(json, "secrets").items()) {
    if (sealed.is_string()) store->impl_->values[name] = sealed.get<std::string>();
  }
  return store;
}

Result<Secret> SealedStore::get(std::string_view name) const {
  std::string sealed;
  {
    const std::lock_guard lock(impl_->mutex);
    const auto found = impl_->values.find(name);
    if (found == impl_->values.end())
      return Error{Code::not_found, "there is no secret '" + std::string(name) + "'"};
    sealed = found->second;
  }
  return Secret(CELL_TRY(impl_->sealer.open(name, sealed)));
}

bool SealedStore::contains(std::string_view name) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->values.contains(name);
}

Result<void> SealedStore::put(std::string_view name, const Secret& value) {
  CELL_TRY(check_name(name));
  std::string sealed = CELL_TRY(impl_->sealer.seal(name, value.reveal()));
  const std::lock_guard lock(impl_->mutex);
  auto next = impl_->values;
  next[std::string(name)] = std::move(sealed);
  return impl_->write(next);
}

Result<void> SealedStore::remove(std::string_view name) {
  const std::lock_guard lock(impl_->mutex);
  auto next = impl_->values;
  if (next.erase(std::string(name)) == 0) return {};
  return impl_->write(next);
}

std::vector<std::string> SealedStore::names(std::string_view prefix) const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<std::string> names;
  for (const auto& [name, sealed] : impl_->values) {
    if (std::string_view(name).starts_with(prefix)) names.push_back(name);
  }
  return names;
}

}  // namespace cell::config
