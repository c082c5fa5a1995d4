#pragma once

#include <vector>

#include "domain/health/item.hpp"
#include "domain/health/machine.hpp"
#include "reconcile/ledger.hpp"

namespace cell::health {

struct Certificate {
  TimePoint not_after{};
  std::string error{};  // of the last attempt to renew it; empty: none
};

struct Hub {
  bool answers = true;
  std::string problem{};           // why not, or what is wrong with it
  std::string userspace_reason{};  // why the kernel's WireGuard is not used; empty: it is
};

struct Device {
  std::string id;
  std::string name;
};

// A service that does not work.
struct ServiceTrouble {
  std::string id;
  std::string name;
  std::string cause;
};

struct FailedJob {
  std::string id;
  std::string title;
  std::string cause;
  std::string fix;
};

// Everything that the list of health is made from. The composition root fills what it knows; nothing means
// "not known", and no item is made of it.
struct Facts {
  TimePoint now{};
  std::optional<std::string> engine_problem{};  // the engine does not answer: why
  std::optional<std::string>
      config_problem{};  // the newest good revision is in force: what was wrong with the document
  std::vector<reconcile::State> resources{};
  std::optional<Hub> hub{};
  std::optional<Certificate> certificate{};
  std::optional<Stats> machine{};
  std::optional<bool> clock_synchronised{};
  std::vector<std::string> stopped_containers{};  // by the owner
  std::vector<Device> keyless_devices{};          // that need a new key
  std::vector<FailedJob> failed_jobs{};           // that nobody has dismissed
  std::vector<ServiceTrouble> services{};
};

// What is wrong, worst first. Pure.
std::vector<Item> items_of(const Facts& facts);

}  // namespace cell::health
