#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "plugin/manifest.hpp"

namespace cell::tool {

// A configuration as plan() gets it, and how it came to be: "defaults", "tls = false".
struct Sample {
  std::string name;
  Json config;
};

// From the options' schema: its defaults and examples, then each switch and each choice the other way round;
// with and without accounts. The first one is the defaults. An error names an option that has to be there and
// says neither default nor example, where none can be made up.
Result<std::vector<Sample>> samples_of(const plugin::Manifest& manifest);

// The first sample with a line break in a text option, one option each; only what the schema lets through
// and where a line break is no part of the value (x-multiline). The text after the break is kSecondLine.
struct HostileSample {
  std::string option;
  Json config;
};
inline constexpr const char* kSecondLine = "added-by-an-option";
std::vector<HostileSample> hostile_samples_of(const plugin::Manifest& manifest, const Json& base);

}  // namespace cell::tool
