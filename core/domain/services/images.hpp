#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "base/log.hpp"
#include "domain/services/recipe.hpp"
#include "engine/client.hpp"
#include "engine/workshop.hpp"

namespace cell::services {

// What somebody who waits for an image is told, and asked.
struct ImageWait {
  std::function<void(double done)> advance = [](double) {};  // 0 to 1
  std::function<bool()> cancelled = [] { return false; };
};

// Brings the images of packages to the machine: pulls, or builds on the cell's base. Builds run one at a
// time. Thread: any.
class Images {
 public:
  struct Parts {
    engine::Engine& engine;
    engine::Workshop& workshop;
    std::function<Frame()> frame;
    log::Logger log;
  };
  explicit Images(Parts parts) : parts_(std::move(parts)) {}

  // The reference of each of a manifest's images: of a recipe the one that it would have on this machine's
  // base. unavailable when that is not here.
  Result<std::map<std::string, std::string>> references(const plugin::Manifest& manifest);
  // Makes sure that it is here. Errors of a build hold the last lines of its output.
  Result<void> provide(const plugin::Manifest& manifest, const std::string& key, const std::string& reference,
                       const ImageWait& wait);
  [[nodiscard]] Result<bool> is_here(const std::string& reference) const;
  // References of those that were built for a service.
  [[nodiscard]] Result<std::vector<std::string>> built_for(const std::string& id) const;
  // Removes those of a service that were built here and are not in `keep`; what is in use stays.
  void remove_built(const std::string& id, const std::vector<std::string>& keep);
  // Containers of builds that were interrupted.
  void remove_leftovers();

 private:
  Result<void> build(const std::string& id, const std::string& key, const plugin::ImageSource& source,
                     const std::string& reference, const ImageWait& wait);
  Result<void> run_build(const engine::ContainerSpec& spec, const std::string& id,
                         const plugin::ImageSource& source, const std::string& reference,
                         const ImageWait& wait);
  Result<void> wait_for_end(const std::string& container, const ImageWait& wait);

  Parts parts_;
  std::mutex building_;
};

}  // namespace cell::services
