#include "domain/store/index.hpp"

#include "base/json.hpp"
#include "base/schema.hpp"
#include "plugin/schemas.hpp"
#include "plugin/signature.hpp"

namespace cell::store {

namespace {

Error refused(std::string message, std::string hint, std::string reason) {
  return Error{Code::conflict, std::move(message), std::move(hint), {}, std::move(reason)};
}

Listed listed_of(const Json& json) {
  Listed listed{json_string(json, "id"),
                json_string(json, "version"),
                json_string(json, "file"),
                json_string(json, "sha256"),
                json_int(json, "size_bytes"),
                json_string(json, "manifest_sha256"),
                {}};
  for (const Json& name : json_member(json, "architectures"))
    listed.architectures.push_back(name.get<std::string>());
  return listed;
}

}  // namespace

Result<Index> read_index(std::string_view text, std::string_view signature, const IndexKey& key) {
  const plugin::Signature signed_by = CELL_TRY(plugin::parse_signature(signature));
  if (signed_by.key_id != key.key_id)
    return Error{Code::forbidden,
                 "the index is signed with key " + signed_by.key_id + ", and this store's is " + key.key_id,
                 "if its owner has a new key, remove the store and add it again with that",
                 {},
                 "key"};
  CELL_TRY(plugin::check_signature(text, signed_by, key.public_key));
  const Json json = CELL_TRY_DOING(parse_json(text), "the index is no JSON");
  CELL_TRY_DOING(plugin::index_schema().check(json), "the index is not one that this cell understands");
  Index index{json_string(json, "name"),
              json_int(json, "version"),
              CELL_TRY(parse_time(json_string(json, "expires"))),
              {}};
  for (const Json& entry : json["packages"]) index.packages.push_back(listed_of(entry));
  return index;
}

Result<void> check_fresh(const Index& index, const std::string& sha256, const SeenIndex& seen,
                         TimePoint now) {
  if (index.version < seen.version)
    return refused("the index is version " + std::to_string(index.version) + ", and version " +
                       std::to_string(seen.version) + " was seen before",
                   "somebody may show old versions on purpose; ask the store's owner", "rolled_back");
  if (index.version == seen.version && !seen.sha256.empty() && seen.sha256 != sha256)
    return refused("the index changed without a new version", "ask the store's owner", "changed");
  if (now >= index.expires)
    return refused("the index expired at " + format_time(index.expires),
                   "ask the store's owner for a newer one, and check this machine's clock", "expired");
  return {};
}

bool may_publish(const std::vector<std::string>& allowed_ids, const std::string& id) {
  if (id.find('.') == std::string::npos) return false;
  if (allowed_ids.empty()) return true;
  return std::any_of(allowed_ids.begin(), allowed_ids.end(), [&](const std::string& allowed) {
    return id == allowed || id.starts_with(allowed + ".");
  });
}

}  // namespace cell::store
