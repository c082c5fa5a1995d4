#include "domain/store/view.hpp"

#include "plugin/rating.hpp"

namespace cell::store {

namespace {

constexpr std::int64_t kMiB = 1024 * 1024;

std::string state_of(const Offer& offer, const OfferFacts& facts) {
  if (facts.is_installing) return "installing";
  if (!facts.installed_version.empty()) {
    const bool newer = plugin::compare_versions(offer.listed.version, facts.installed_version) > 0;
    return newer && offer.info ? "update_available" : "installed";
  }
  return offer.info ? "available" : "incompatible";
}

bool in_process(const Offer& offer) {
  return offer.first_party && offer.info && offer.info->manifest.kind == plugin::Kind::native;
}

Json reasons_json(const Offer& offer, const std::string& language, Json& rating) {
  const plugin::Rating rated = plugin::rate(offer.info->manifest, in_process(offer));
  rating = rated.score;
  Json list = Json::array();
  for (const plugin::Reason& reason : rated.reasons)
    list.push_back({{"capability", reason.capability},
                    {"words", plugin::in_language(reason.words, language)},
                    {"why", plugin::in_language(reason.why, language)}});
  return list;
}

std::string text_of(const Offer& offer, const std::string& file) {
  const auto found = offer.info->texts.find(file);
  return file.empty() || found == offer.info->texts.end() ? std::string() : found->second;
}

// What is known of a package that can't be read here.
Json unreadable(const Offer& offer, const OfferFacts& facts) {
  Json json = {{"id", offer.listed.id},
               {"label", offer.listed.id},
               {"name", offer.listed.id},
               {"summary", ""},
               {"description", ""},
               {"version", offer.listed.version},
               {"kind", "native"},
               {"category", "tools"},
               {"stage", "stable"},
               {"license", ""},
               {"source", offer.source},
               {"icon", nullptr},
               {"rating", 1},
               {"reasons", Json::array()},
               {"download_bytes", offer.listed.size_bytes},
               {"memory_mb", 0},
               {"disk_mb", 0},
               {"state", state_of(offer, facts)},
               {"incompatible_reason", offer.problem},
               {"first_party", offer.first_party},
               {"changelog", ""}};
  return json;
}

// Texts by language become the text; see services::texts_in, which does the same for what is installed.
Json in_one_language(const Json& value, const std::string& language) {
  if (value.is_object() && value.contains("en") && value["en"].is_string()) {
    const auto text = value.find(language);
    return text != value.end() ? *text : value["en"];
  }
  if (!value.is_structured()) return value;
  Json out = value;
  for (auto& item : out) item = in_one_language(item, language);
  return out;
}

}  // namespace

Json item_json(const Offer& offer, const OfferFacts& facts, const std::string& language) {
  Json json = unreadable(offer, facts);
  if (!facts.installed_version.empty()) json["installed_version"] = facts.installed_version;
  if (!offer.info) return json;
  const plugin::Manifest& manifest = offer.info->manifest;
  json.erase("incompatible_reason");
  Json rating;
  json["reasons"] = reasons_json(offer, language, rating);
  json["rating"] = std::move(rating);
  json["label"] = manifest.label;
  json["name"] = plugin::in_language(manifest.name, language);
  json["summary"] = plugin::in_language(manifest.summary, language);
  json["description"] = plugin::in_language(manifest.description, language);
  json["kind"] = manifest.kind == plugin::Kind::native ? "native" : "declarative";
  json["category"] = manifest.category;
  json["stage"] = manifest.stage;
  json["license"] = manifest.license;
  if (!manifest.homepage.empty()) json["homepage"] = manifest.homepage;
  if (!manifest.upstream_version.empty()) json["upstream_version"] = manifest.upstream_version;
  if (!text_of(offer, manifest.icon).empty()) json["icon"] = "/api/store/items/" + manifest.id + "/icon";
  json["download_bytes"] = offer.listed.size_bytes + manifest.download_mb * kMiB;
  json["memory_mb"] = manifest.memory_mb;
  json["disk_mb"] = manifest.disk_mb;
  json["changelog"] = text_of(offer, manifest.changelog);
  return json;
}

Json item_details(const Offer& offer, const OfferFacts& facts, const std::string& language) {
  Json json = item_json(offer, facts, language);
  json["options"] = {{"type", "object"}, {"properties", Json::object()}};
  json["permissions"] = Json::array();
  json["breaking"] = Json::array();
  if (!offer.info) return json;
  const plugin::Manifest& manifest = offer.info->manifest;
  if (manifest.options.is_object()) json["options"] = in_one_language(manifest.options, language);
  for (const plugin::Permission& permission : manifest.permissions)
    json["permissions"].push_back(
        {{"capability", permission.capability},
         {"why", plugin::in_language(permission.reason, language)},
         {"details", permission.details.is_object() ? permission.details : Json::object()}});
  for (const auto& [version, text] : manifest.breaking) {
    const bool news =
        facts.installed_version.empty() || plugin::compare_versions(version, facts.installed_version) > 0;
    if (news)
      json["breaking"].push_back({{"version", version}, {"text", plugin::in_language(text, language)}});
  }
  return json;
}

Json source_json(const SourceState& source) {
  Json json = {{"name", source.source.name},
               {"location", source.first_party ? "part of the cell" : source.source.location},
               {"key_id", source.source.key_id},
               {"state", source.state},
               {"version", source.version},
               {"expires", source.expires.empty() ? Json(nullptr) : Json(source.expires)},
               {"first_party", source.first_party}};
  if (!source.problem.empty()) json["problem"] = source.problem;
  return json;
}

}  // namespace cell::store
