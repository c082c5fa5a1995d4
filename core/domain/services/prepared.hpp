#pragma once

#include "domain/services/services.hpp"

namespace cell::services {

struct Services::Prepared {
  std::shared_ptr<Running> running;
  std::optional<Active> before;
  Active after;
  Json secret_options;
  ShownPlan shown;
};

}  // namespace cell::services
