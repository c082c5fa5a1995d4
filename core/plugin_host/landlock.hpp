#pragma once

#include <string>

namespace cell::plugin_host {

// From now on only what the run-time of C and C++ reads can be opened, and the open file `library`; nothing
// can be written, and no TCP port be bound or connected to. `is_restricted` stays false on a kernel without
// Landlock: the user and the system calls are what remains there. Empty, or what went wrong.
std::string restrict_files(int library, bool& is_restricted);

}  // namespace cell::plugin_host
