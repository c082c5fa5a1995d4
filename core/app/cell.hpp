#pragma once

#include <memory>

#include "base/log.hpp"
#include "base/result.hpp"
#include "domain/settings/environment.hpp"

namespace cell::app {

// The composition root: makes every part, gives each what it needs, and takes them down in reverse.
class Cell {
 public:
  static Result<std::unique_ptr<Cell>> start(const settings::Environment& environment, log::Logs& logs);
  ~Cell();  // stops serving, then everything else

  // Where it listens and, before set-up, the code that claims the cell: for the log and the person at the
  // console.
  [[nodiscard]] std::string greeting() const;

 private:
  Cell();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace cell::app
