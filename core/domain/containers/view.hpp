#pragma once

#include <string>

#include "base/json.hpp"
#include "engine/client.hpp"

// From the engine's values to the objects of the REST API. Pure.
namespace cell::containers {

// Carries this cell's tag, or is celld's own container, which others start.
bool is_own(const engine::ContainerSummary& container, const std::string& instance);

// The item of GET /api/containers. Containers that are not the cell's are read_only.
Json to_json(const engine::ContainerSummary& container, const std::string& instance);

// "healthy", "unhealthy", "starting" or nothing, from the engine's status text ("Up 2 hours (healthy)").
std::string health_of(const std::string& status);

// What is told of one container beside its item. Values of the environment are left out, and what strangers'
// containers were started with: both often hold secrets.
Json details_of(const Json& inspection, bool is_own);

Json to_json(const engine::ContainerStats& stats);
Json to_json(const engine::ImageSummary& image);
Json to_json(const engine::VolumeSummary& volume, const std::string& instance);

}  // namespace cell::containers
