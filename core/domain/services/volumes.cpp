#include "domain/services/volumes.hpp"

#include <algorithm>
#include <thread>

#include "base/clock.hpp"
#include "domain/services/recipe.hpp"

namespace cell::services {

namespace {

constexpr const char* kCopySuffix = "--before";  // no name of a volume holds two hyphens in a row
constexpr std::chrono::milliseconds kLook{200};
constexpr std::chrono::hours kCopyLimit{6};

std::string copy_of(const std::string& volume) { return volume + kCopySuffix; }

std::string copier(const Frame& frame, const std::string& id) { return frame.core.instance + "-copy-" + id; }

bool is_tagged(const std::map<std::string, std::string>& labels, const std::string& instance,
               const std::string& id) {
  const auto has = [&](const char* key, const std::string& value) {
    const auto found = labels.find(key);
    return found != labels.end() && found->second == value;
  };
  return has(reconcile::kLabelInstance, instance) && has(reconcile::kLabelOwner, id);
}

}  // namespace

Result<std::vector<std::string>> Volumes::of(const std::string& id) const {
  std::vector<std::string> names;
  for (const auto& volume : CELL_TRY(engine_.volumes())) {
    if (is_tagged(volume.labels, frame_().core.instance, id) && !volume.name.ends_with(kCopySuffix))
      names.push_back(volume.name);
  }
  return names;
}

Result<void> Volumes::copy_aside(const std::string& id, const std::string& volume) {
  return copy(id, volume, copy_of(volume));
}

Result<void> Volumes::bring_back(const std::string& id, const std::string& volume) {
  const std::string instance = frame_().core.instance;
  const auto volumes = CELL_TRY(engine_.volumes());
  const bool is_there = std::any_of(volumes.begin(), volumes.end(), [&](const auto& candidate) {
    return candidate.name == copy_of(volume) && is_tagged(candidate.labels, instance, id);
  });
  // A mount would make it, empty, and the volume would be emptied after it.
  if (!is_there)
    return Error{Code::not_found, "the copy '" + copy_of(volume) + "' is gone, the volume stays as it is"};
  return copy(id, copy_of(volume), volume);
}

Result<void> Volumes::remove(const std::string& volume) { return engine_.remove_volume(volume); }

Result<void> Volumes::remove_copies(const std::string& id) {
  const Frame frame = frame_();
  CELL_TRY(engine_.remove_container(copier(frame, id)));
  for (const auto& volume : CELL_TRY(engine_.volumes())) {
    if (is_tagged(volume.labels, frame.core.instance, id) && volume.name.ends_with(kCopySuffix))
      CELL_TRY(engine_.remove_volume(volume.name));
  }
  return {};
}

Result<void> Volumes::copy(const std::string& id, const std::string& from, const std::string& to) {
  const Frame frame = frame_();
  // A volume that is mounted comes into being, so it gets its tags before.
  CELL_TRY(engine_.create_volume(to, {{reconcile::kLabelInstance, frame.core.instance},
                                      {reconcile::kLabelOwner, id},
                                      {reconcile::kLabelName, to}}));
  engine::ContainerSpec spec;
  spec.name = copier(frame, id);
  spec.image = base_image(frame.core);
  spec.entrypoint = {"/bin/sh", "-ec", "find /to -mindepth 1 -delete; cp -a /from/. /to/"};
  spec.mounts = {{from, "/from", true, true}, {to, "/to", true, false}};
  spec.network = engine::kNoNetwork;
  spec.restart = "no";
  CELL_TRY(engine_.remove_container(spec.name));
  CELL_TRY(engine_.create_container(spec));
  CELL_TRY(engine_.start_container(spec.name));
  const SteadyPoint end = std::chrono::steady_clock::now() + kCopyLimit;
  while (std::chrono::steady_clock::now() < end) {
    const Json state = json_member(CELL_TRY(engine_.inspect_container(spec.name)), "State");
    if (json_string(state, "Status") == "exited") {
      CELL_TRY(engine_.remove_container(spec.name));
      if (json_int(state, "ExitCode", -1) == 0) return {};
      return Error{Code::unavailable, "volume '" + from + "' could not be copied to '" + to + "'",
                   "make room on the disk"};
    }
    std::this_thread::sleep_for(kLook);
  }
  return Error{Code::timeout, "copying volume '" + from + "' took longer than six hours"};
}

}  // namespace cell::services
