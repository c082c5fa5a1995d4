#pragma once

#include <filesystem>
#include <string>

#include "domain/settings/environment.hpp"

namespace cell::app {

// The verbs of celld beside serving. Each asks the running celld of this cell through its control socket;
// where none runs it works on the cell's directory itself, which a second process can't touch at the same
// time (the configuration is locked).

// POST /<verb> with `argument`; answers what to print.
Result<std::string> run_verb(const settings::Environment& environment, const std::string& verb,
                             const std::string& argument);

// `celld setup --answers FILE`; "-" reads standard input.
Result<std::string> run_setup(const settings::Environment& environment, const std::string& file);

// GET /health of the running celld as text; unavailable when none answers or it is not ready.
Result<std::string> run_health(const settings::Environment& environment);

}  // namespace cell::app
