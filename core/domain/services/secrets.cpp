#include "domain/services/secrets.hpp"

#include "crypto/encoding.hpp"
#include "crypto/key_pair.hpp"
#include "crypto/random.hpp"
#include "plugin/options.hpp"

namespace cell::services {

namespace {

std::string secrets_name(const std::string& id) { return "services/" + id + "/secrets"; }
std::string kept_name(const std::string& id) { return "services/" + id + "/options.before"; }
std::string options_name(const std::string& id) { return "services/" + id + "/options"; }

}  // namespace

Result<Json> Secrets::read(const std::string& name) const {
  const auto text = sealed_.get(name);
  if (!text && text.error().code == Code::not_found) return Json(Json::object());
  if (!text) return text.error();
  return parse_json(text->reveal());
}

Result<void> Secrets::make(const plugin::SecretWish& wish, const std::string& label, Json& values) const {
  if (wish.kind == "random") {
    if (!values.contains(wish.name)) values[wish.name] = crypto::random_token();
    return {};
  }
  if (wish.kind == "certificate") {
    const std::string chain = json_string(values, wish.name + "_chain");
    if (!issue_ || (!chain.empty() && !is_due_(chain))) return {};
    const Certificate certificate = CELL_TRY(issue_(label));
    values[wish.name] = std::string(certificate.key_pem.reveal());
    values[wish.name + "_chain"] = certificate.chain_pem;
    return {};
  }
  if (values.contains(wish.name)) return {};
  const crypto::KeyPair pair = CELL_TRY(crypto::make_key_pair(wish.kind));
  values[wish.name] = std::string(pair.private_pem.reveal());
  values[wish.name + "_public"] = crypto::to_base64(pair.public_der);
  return {};
}

Result<Json> Secrets::completed(const plugin::Manifest& manifest) {
  const Json kept = CELL_TRY(values(manifest.id));
  const std::lock_guard lock(mutex_);
  Json& draft = drafts_[manifest.id];
  Json values = draft.is_object() ? draft : Json::object();
  values.update(kept);
  for (const plugin::SecretWish& wish : manifest.secrets) CELL_TRY(make(wish, manifest.label, values));
  draft = Json::object();
  for (const plugin::SecretWish& wish : manifest.secrets) {
    if (wish.kind == "certificate") continue;
    for (const std::string& name : plugin::secret_names(wish))
      if (!kept.contains(name)) draft[name] = values[name];
  }
  if (draft.empty()) drafts_.erase(manifest.id);
  return values;
}

void Secrets::drop_draft(const std::string& id) {
  const std::lock_guard lock(mutex_);
  drafts_.erase(id);
}

Result<bool> Secrets::ensure(const plugin::Manifest& manifest) {
  const Json values = CELL_TRY(completed(manifest));
  if (values == CELL_TRY(this->values(manifest.id))) return false;
  CELL_TRY(sealed_.put(secrets_name(manifest.id), Secret(dump_json(values))));
  drop_draft(manifest.id);
  return true;
}

Result<Json> Secrets::values(const std::string& id) const { return read(secrets_name(id)); }
Result<Json> Secrets::options(const std::string& id) const { return read(options_name(id)); }

Result<void> Secrets::put_options(const std::string& id, const Json& options) {
  if (options.empty()) return sealed_.remove(options_name(id));
  return sealed_.put(options_name(id), Secret(dump_json(options)));
}

Result<void> Secrets::keep_options(const std::string& id) {
  return sealed_.put(kept_name(id), Secret(dump_json(CELL_TRY(options(id)))));
}

Result<void> Secrets::bring_options_back(const std::string& id) {
  if (!sealed_.contains(kept_name(id))) return {};
  CELL_TRY(put_options(id, CELL_TRY(read(kept_name(id)))));
  return sealed_.remove(kept_name(id));
}

Result<void> Secrets::drop_kept_options(const std::string& id) { return sealed_.remove(kept_name(id)); }

Result<void> Secrets::remove(const std::string& id) {
  drop_draft(id);
  CELL_TRY(sealed_.remove(secrets_name(id)));
  CELL_TRY(sealed_.remove(kept_name(id)));
  return sealed_.remove(options_name(id));
}

bool Secrets::contains(const std::string& id) const { return sealed_.contains(secrets_name(id)); }

SplitOptions split_options(const plugin::Manifest& manifest, const Json& options) {
  SplitOptions split;
  for (const auto& [name, value] : options.items())
    (plugin::is_secret_option(manifest, name) ? split.secret : split.open)[name] = value;
  return split;
}

Json merge_options(const Json& before, const Json& patch) {
  Json merged = before.is_object() ? before : Json::object();
  for (const auto& [name, value] : patch.items()) {
    if (value.is_null())
      merged.erase(name);
    else
      merged[name] = value;
  }
  return merged;
}

}  // namespace cell::services
