#pragma once

#include <functional>
#include <string>
#include <vector>

#include "domain/services/active.hpp"
#include "engine/client.hpp"

namespace cell::services {

// A service's volumes in the engine, and copies of them to go back to. Copies are made by a container of the
// base image. Thread: any.
class Volumes {
 public:
  Volumes(engine::Engine& engine, std::function<Frame()> frame) : engine_(engine), frame_(std::move(frame)) {}

  // Names of those that carry the service's tag, copies left out.
  [[nodiscard]] Result<std::vector<std::string>> of(const std::string& id) const;
  Result<void> copy_aside(const std::string& id, const std::string& volume);
  Result<void> bring_back(const std::string& id, const std::string& volume);
  Result<void> remove(const std::string& volume);
  // Copies of a service and the container that made them.
  Result<void> remove_copies(const std::string& id);

 private:
  Result<void> copy(const std::string& id, const std::string& from, const std::string& to);

  engine::Engine& engine_;
  std::function<Frame()> frame_;
};

}  // namespace cell::services
