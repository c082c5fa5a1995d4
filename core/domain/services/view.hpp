#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/services/convergence.hpp"
#include "domain/services/services.hpp"

// The objects of the REST API. Pure.
namespace cell::services {

// What is known of a service beside what it is made of.
struct ServiceFacts {
  std::optional<Services::Busy> busy{};
  std::vector<ContainerState> containers{};
  std::map<std::string, std::uint64_t> memory{};  // bytes, by container
  std::string update_version{};                   // a newer one that the store offers
  std::string plan_problem{};                     // of the plugin; empty: none
  Json plugin = nullptr;          // {mode, failures, last_failure?, quarantined}; null: not loaded
  Json options = Json::object();  // complete, secret ones among them
};

// "running", "starting", "stopped", "failed", "updating", "installing", "quarantined".
std::string state_of(const Active& service, const ServiceFacts& facts);

Json service_json(const Active& service, const ServiceFacts& facts, const Frame& frame,
                  const std::string& language);

// An options schema with its titles and descriptions in one language, as the form needs them.
Json schema_in(const Json& schema, const std::string& language);

// UI descriptors with their texts in one language.
Json texts_in(const Json& value, const std::string& language);

}  // namespace cell::services
