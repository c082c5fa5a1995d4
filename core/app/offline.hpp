#pragma once

#include <memory>

#include "app/control.hpp"
#include "domain/settings/environment.hpp"

namespace cell::app {

// The data of a cell that is not running, opened to carry out one verb. Nothing is served and nothing
// reconciled: celld does that when it starts.
class Offline {
 public:
  // conflict when a celld runs on the directory.
  static Result<std::unique_ptr<Offline>> open(const settings::Environment& environment);
  ~Offline();
  [[nodiscard]] Control control();

 private:
  Offline();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace cell::app
