#pragma once

#include "plugin/manifest.hpp"

// Inside core/plugin only.
namespace cell::plugin {

// The sentence of a thing that a package may do, by key ("ports.public", "people", …), with `list` put where
// the sentence has one.
Text words_for(const std::string& key, const std::string& list = {});

}  // namespace cell::plugin
