#include "reconcile/desired.hpp"

#include <set>

namespace cell::reconcile {

namespace {

Resource make(std::string owner, std::string kind, std::string name, Json spec) {
  std::string hash = hash_of(spec);
  return {std::move(owner), std::move(kind), std::move(name), std::move(spec), std::move(hash)};
}

Json spec_of(const std::vector<File>& files) {
  Json list = Json::array();
  for (const File& file : files) {
    list.push_back({{"path", file.path.string()}, {"content", hash_of(file.content)}, {"mode", file.mode}});
  }
  return list;
}

}  // namespace

std::string hash_of(const Json& value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : dump_json(value)) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += kHex[hash >> static_cast<unsigned>(shift) & 15U];
  return out;
}

Resource resource_of(const Network& network) {
  return make(network.owner, "network", network.spec.name,
              {{"ipv4", network.spec.ipv4_subnet}, {"ipv6", network.spec.ipv6_subnet}});
}

Resource resource_of(const Volume& volume) {
  return make(volume.owner, "volume", volume.name, Json::object());
}

Resource resource_of(const Container& container) {
  return make(container.owner, "container", container.spec.name, engine::to_create_body(container.spec));
}

Resource resource_of(const FileDocument& document) {
  return make(document.owner, document.kind, document.container, spec_of(document.files));
}

Resource resource_of(const CaddyDocument& document) {
  return make("core", "caddy", document.container,
              {{"document", document.document}, {"files", spec_of(document.files)}});
}

Resource resource_of(const HubDocument& document) {
  return make("core", "hub", document.container, {{"document", hub::hash_of(document.document)}});
}

Resource image_resource(const std::string& reference) {
  return make("core", "image", reference, Json::object());
}

std::vector<Resource> resources_of(const Desired& desired) {
  std::vector<Resource> resources;
  for (const Network& network : desired.networks) resources.push_back(resource_of(network));
  for (const Volume& volume : desired.volumes) resources.push_back(resource_of(volume));
  std::set<std::string> images;
  for (const Container& container : desired.containers) {
    if (images.insert(container.spec.image).second) resources.push_back(image_resource(container.spec.image));
    resources.push_back(resource_of(container));
  }
  for (const FileDocument& document : desired.documents) resources.push_back(resource_of(document));
  if (desired.caddy) resources.push_back(resource_of(*desired.caddy));
  if (desired.hub) resources.push_back(resource_of(*desired.hub));
  return resources;
}

std::map<std::string, std::string> labels_of(const std::string& instance, const Resource& resource) {
  return {{kLabelInstance, instance},
          {kLabelOwner, resource.owner},
          {kLabelName, resource.name},
          {kLabelHash, resource.hash}};
}

}  // namespace cell::reconcile
