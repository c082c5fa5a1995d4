#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/json.hpp"
#include "engine/client.hpp"
#include "hub/document.hpp"

// What the cell should be made of: values only, made by pure functions from the configuration (core_stack.hpp
// and the composition root). `owner` is "core" or the id of a plugin.
namespace cell::reconcile {

struct Network {
  std::string owner;
  engine::NetworkSpec spec;
};

struct Volume {
  std::string owner;
  std::string name;
};

struct Container {
  std::string owner;
  engine::ContainerSpec spec;
  bool stopped = false;                 // by the cell's owner: it stays, but is not started
  std::vector<std::string> after = {};  // names of containers that run and are healthy before this one starts
};

struct File {
  std::filesystem::path path;  // absolute, the same on the host and in containers
  std::string content;
  mode_t mode = 0644;
  bool operator==(const File&) const = default;
};

// How a container learns that its files changed.
enum class Tell {
  signal,      // SIGUSR1: CoreDNS reads everything again
  hangup,      // SIGHUP
  restart,     // chronyd knows no reload
  next_start,  // not at all: it is no reason to interrupt the container
};

struct FileDocument {
  std::string kind;         // "coredns", "chrony", "files" of a service
  std::vector<File> files;  // at least one
  std::string container;
  Tell tell = Tell::signal;
  std::string owner = "core";
  std::filesystem::path marker = {};  // of what was told; empty: `.applied` beside the first file
  bool whole_folders = false;         // nothing else stays in the files' folders
};

struct CaddyDocument {
  Json document;                // with its admin block
  std::vector<File> files;      // certificates and keys that the document names
  std::filesystem::path saved;  // last document that Caddy took; it starts from this one without celld
  std::string container;
};

struct HubDocument {
  hub::Document document;
  std::string container;
};

struct Desired {
  std::string instance;
  std::vector<Network> networks;
  std::vector<Volume> volumes;
  std::vector<Container> containers;
  std::vector<FileDocument> documents;
  std::optional<CaddyDocument> caddy;
  std::optional<HubDocument> hub;
  std::set<std::string> untouched_owners = {};  // what they want is not known now, so what is there stays
};

// One thing that is kept as it should be. `hash` is over the canonical text of `spec`.
struct Resource {
  std::string owner;
  std::string
      kind;  // "network", "volume", "image", "container", "coredns", "chrony", "files", "caddy", "hub"
  std::string name;
  Json spec;
  std::string hash;
  [[nodiscard]] std::string key() const { return kind + "/" + name; }
};

Resource resource_of(const Network& network);
Resource resource_of(const Volume& volume);
Resource resource_of(const Container& container);
Resource resource_of(const FileDocument& document);
Resource resource_of(const CaddyDocument& document);
Resource resource_of(const HubDocument& document);  // its spec leaves the keys out
Resource image_resource(const std::string& reference);
// Everything desired, images included.
std::vector<Resource> resources_of(const Desired& desired);

// 64-bit FNV-1a over the canonical text, 16 hex digits. To find changes, not to keep anyone out.
std::string hash_of(const Json& value);

// The tags that a thing of ours carries in the engine.
inline constexpr const char* kLabelInstance = "cell.instance";
inline constexpr const char* kLabelOwner = "cell.owner";
inline constexpr const char* kLabelName = "cell.name";
inline constexpr const char* kLabelHash = "cell.hash";
std::map<std::string, std::string> labels_of(const std::string& instance, const Resource& resource);

}  // namespace cell::reconcile
