#include "domain/services/service_plan.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "domain/services/desired_parts.hpp"
#include "domain/services/plan_conflicts.hpp"
#include "domain/services/recipe.hpp"

namespace cell::services {

namespace {

constexpr std::int64_t kMiB = 1024 * 1024;

// Everything a service is made of, by kind and name; `hash` tells whether it changed.
struct Thing {
  std::string detail;
  std::string hash;
};
using Things = std::map<std::pair<std::string, std::string>, Thing>;

std::string backup_words(plugin::Backup backup) {
  if (backup == plugin::Backup::skip) return "not part of backups";
  return backup == plugin::Backup::cold ? "backed up while the service is stopped" : "backed up";
}

std::string auth_words(plugin::RouteAuth auth) {
  if (auth == plugin::RouteAuth::admin) return "for administrators";
  return auth == plugin::RouteAuth::login ? "for people of the cell who are logged in"
                                          : "the service checks its users itself";
}

const char* expose_name(plugin::Expose expose) {
  switch (expose) {
    case plugin::Expose::vpn:
      return "vpn";
    case plugin::Expose::lan:
      return "lan";
    case plugin::Expose::open:
      return "public";
    case plugin::Expose::none:
      break;
  }
  return "none";
}

std::string exposure_words(const plugin::PortWish& port) {
  const std::string what = "Port " + std::to_string(port.port) + " (" + (port.is_tcp ? "TCP" : "UDP") + ") ";
  if (port.expose == plugin::Expose::vpn) return what + "can be reached by your devices in the VPN";
  if (port.expose == plugin::Expose::lan)
    return what + "can be reached by your devices and everything in your home network";
  return what + "can be reached by everybody, also from the internet where your router lets it through";
}

std::vector<Exposure> exposures_of(const Active& service) {
  std::vector<Exposure> out;
  for (const plugin::ContainerWish& container : service.parts.containers) {
    for (const plugin::PortWish& port : container.ports) {
      if (port.expose == plugin::Expose::none) continue;
      out.push_back({port.port, port.is_tcp ? "tcp" : "udp", expose_name(port.expose), exposure_words(port)});
    }
  }
  return out;
}

std::string image_words(const Active& service, const std::string& reference, const PlanFacts& facts) {
  if (facts.images_here.contains(reference)) return "is here already";
  for (const auto& [key, used] : service.entry.images) {
    if (used != reference || !is_built(reference)) continue;
    const auto source = service.manifest.images.find(key);
    if (source == service.manifest.images.end()) continue;
    std::string packages;
    for (const std::string& name : source->second.packages) packages += (packages.empty() ? "" : ", ") + name;
    return "is made on this machine from Debian packages: " + packages;
  }
  return "is downloaded";
}

void add_engine_things(const Active& service, const Frame& frame, const PlanFacts& facts, Things& things) {
  reconcile::Desired desired;
  add_to(desired, service, frame);
  for (const reconcile::Resource& resource : reconcile::resources_of(desired)) {
    std::string detail;
    if (resource.kind == "container") detail = json_string(resource.spec, "Image");
    if (resource.kind == "image") detail = image_words(service, resource.name, facts);
    things[{resource.kind, resource.name}] = {detail, resource.hash};
  }
  for (const plugin::VolumeWish& volume : service.parts.volumes)
    things[{"volume", object_name(frame, service.entry.id, volume.name)}].detail =
        backup_words(volume.backup);
  for (const reconcile::FileDocument& document : desired.documents)
    things[{"files", document.container}].detail =
        std::to_string(document.files.size()) + " files of settings";
}

void add_names(const Active& service, const Frame& frame, Things& things) {
  for (const plugin::RouteWish& route : service.parts.routes) {
    const std::string to = route.redirect.empty() ? route.container + ":" + std::to_string(route.port)
                                                  : "leads to " + route.redirect;
    const std::string detail = to + ", " + auth_words(route.auth);
    things[{"route", "https://" + route.host + "." + frame.domain + route.path}] = {
        detail, reconcile::hash_of({{"to", detail},
                                    {"headers", route.headers},
                                    {"body", route.max_body_mb},
                                    {"strip", route.strip_prefix},
                                    {"web_ui", route.web_ui}})};
  }
  for (const plugin::WellKnown& known : service.parts.well_known)
    things[{"route", "https://" + frame.domain + "/.well-known/" + known.name}] = {"leads to " + known.path,
                                                                                   known.path};
  for (const std::string& host : hosts_of(service.parts))
    things[{"dns", host + "." + frame.domain}] = {"A, AAAA: this cell", "cell"};
  for (const plugin::DnsWish& record : service.parts.dns) {
    const std::string name = record.name == "@" ? frame.domain : record.name + "." + frame.domain;
    things[{"dns", record.type + " " + name + " " + record.value}] = {record.value,
                                                                      std::to_string(record.ttl)};
  }
  for (const Exposure& exposure : exposures_of(service))
    things[{"port", std::to_string(exposure.port) + "/" + exposure.protocol}] = {exposure.words,
                                                                                 exposure.expose};
}

void add_exits(const Active& service, Things& things) {
  for (const plugin::ExitWish& exit : service.parts.exits) {
    things[{"exit", exit_name(service.entry.id, exit.id)}] = {
        std::string("another way out to the internet for devices, ") +
            (exit.ipv6 ? "IPv4 and IPv6" : "IPv4 only") + ", through container " + exit.container,
        exit.container + (exit.ipv6 ? " 6" : "")};
  }
}

Things things_of(const std::optional<Active>& service, const Frame& frame, const PlanFacts& facts) {
  Things things;
  if (!service) return things;
  add_engine_things(*service, frame, facts, things);
  add_names(*service, frame, things);
  add_exits(*service, things);
  return things;
}

void compare(const Things& before, const Things& after, ServicePlan& plan) {
  for (const auto& [key, thing] : after) {
    const PlanItem item{key.first, key.second, thing.detail};
    const auto found = before.find(key);
    if (found == before.end())
      plan.creates.push_back(item);
    else if (found->second.hash != thing.hash)
      plan.changes.push_back(item);
  }
  for (const auto& [key, thing] : before) {
    if (!after.contains(key)) plan.removes.push_back({key.first, key.second, thing.detail});
  }
}

std::string action_of(const std::optional<Active>& before, const std::optional<Active>& after) {
  if (!after) return "remove";
  if (!before) return "install";
  return before->entry.package == after->entry.package ? "configure" : "update";
}

void add_warnings(const std::optional<Active>& before, const Active& after, const PlanFacts& facts,
                  ServicePlan& plan) {
  const std::int64_t memory = after.manifest.memory_mb * kMiB;
  if (!before && facts.free_memory_bytes >= 0 && memory > facts.free_memory_bytes)
    plan.warnings.push_back("It usually needs " + std::to_string(after.manifest.memory_mb) +
                            " MB of memory, and " + std::to_string(facts.free_memory_bytes / kMiB) +
                            " MB are free");
  if (after.manifest.stage == "experimental" || after.manifest.stage == "beta")
    plan.warnings.push_back("This version is marked as " + after.manifest.stage);
  if (after.manifest.stage == "deprecated") plan.warnings.push_back("This service is no longer looked after");
}

Json items_json(const std::vector<PlanItem>& items) {
  Json list = Json::array();
  for (const PlanItem& item : items)
    list.push_back({{"kind", item.kind}, {"name", item.name}, {"detail", item.detail}});
  return list;
}

}  // namespace

ServicePlan make_service_plan(const Json& root, const Frame& frame, const std::optional<Active>& before,
                              const std::optional<Active>& after, const PlanFacts& facts) {
  ServicePlan plan;
  const Active& subject = after ? *after : *before;
  plan.id = subject.entry.id;
  plan.version = subject.manifest.version;
  plan.action = action_of(before, after);
  compare(things_of(before, frame, facts), things_of(after, frame, facts), plan);
  if (!after) return plan;
  plan.exposes = exposures_of(*after);
  for (const std::string& host : hosts_of(after->parts)) plan.addresses.push_back(url_of(host, frame));
  plan.conflicts = conflicts_of(root, frame, *after, facts);
  if (plan.action == "update")
    plan.permissions_added = plugin::widened(before->manifest, after->manifest, false);
  for (const PlanItem& item : plan.creates) {
    if (item.kind == "image" && !facts.images_here.contains(item.name))
      plan.download_bytes = after->manifest.download_mb * kMiB;
  }
  add_warnings(before, *after, facts, plan);
  return plan;
}

Json to_json(const ServicePlan& plan, const std::string& language, const std::string& token) {
  Json exposes = Json::array();
  for (const Exposure& exposure : plan.exposes)
    exposes.push_back({{"port", exposure.port},
                       {"protocol", exposure.protocol},
                       {"expose", exposure.expose},
                       {"words", exposure.words}});
  Json conflicts = Json::array();
  for (const Conflict& conflict : plan.conflicts)
    conflicts.push_back({{"kind", conflict.kind},
                         {"name", conflict.name},
                         {"detail", conflict.detail},
                         {"fix", conflict.fix}});
  Json permissions = Json::array();
  for (const plugin::Reason& reason : plan.permissions_added)
    permissions.push_back({{"words", plugin::in_language(reason.words, language)},
                           {"why", plugin::in_language(reason.why, language)}});
  return {{"id", plan.id},
          {"version", plan.version},
          {"action", plan.action},
          {"token", token},
          {"creates", items_json(plan.creates)},
          {"changes", items_json(plan.changes)},
          {"removes", items_json(plan.removes)},
          {"exposes", std::move(exposes)},
          {"addresses", plan.addresses},
          {"conflicts", std::move(conflicts)},
          {"permissions_added", std::move(permissions)},
          {"download_bytes", plan.download_bytes},
          {"warnings", plan.warnings}};
}

std::string token_of(const ServicePlan& plan, const std::optional<Active>& after,
                     const std::string& package) {
  Json document = to_json(plan, "en", {});
  // Whether an image has come meanwhile, or memory was used, changes nothing of what is asked for.
  for (const char* member : {"warnings", "download_bytes"}) document.erase(member);
  for (const char* list : {"creates", "changes", "removes"}) {
    for (Json& item : document[list]) {
      if (item["kind"] == "image") item.erase("detail");
    }
  }
  document["package"] = package;
  if (after) document["options"] = after->entry.options;
  return crypto::to_hex(crypto::sha256(dump_json(document))).substr(0, 32);
}

}  // namespace cell::services
