#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "plugin/manifest.hpp"
#include "samples.hpp"

// What is tried on a plugin's library. Each function is for a child process of its own, and answers what it
// found wrong: {"problems": [text…]}, some with more beside it.
namespace cell::tool {

struct Subject {
  std::filesystem::path library;  // absolute
  plugin::Manifest manifest;
  std::vector<Sample> samples;  // not empty
};

// open() and close(), twice one after the other. {"problems", "has_handle", "has_notify"}
Json probe_open(const Subject& subject);

// plan() of each sample, twice in each of two instances, in surroundings that differ from call to call by
// `variant`. {"problems", "plans": [document as text, or null], "refused": [error as text, or null]}
Json probe_plan(const Subject& subject, int variant);

// plan() with text that has a line break, see hostile_samples_of().
Json probe_injection(const Subject& subject);

// Bytes that are no document, documents that are not what the entry takes, and sinks that are full.
Json probe_bad_input(const Subject& subject, const std::string& entry);

// Requests to each of the plugin's routes, to none of them, with bodies of all kinds, from several threads.
Json probe_handle(const Subject& subject, const Json& contributions);

// Each event that the cell sends.
Json probe_notify(const Subject& subject, const Json& contributions);

}  // namespace cell::tool
