#pragma once

#include "probes.hpp"
#include "report.hpp"

namespace cell::tool {

// The file without loading it, then every probe in a process of its own.
void check_native(const Subject& subject, Report& report);

}  // namespace cell::tool
