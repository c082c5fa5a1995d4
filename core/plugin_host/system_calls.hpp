#pragma once

#include <string>

namespace cell::plugin_host {

// From now on this process and its threads may make only the system calls of a program that computes, has
// threads and reads files; others answer EPERM. No new process or program, no socket, no signal to others, no
// mount, trace, key ring, BPF, clock or name space. Empty, or what went wrong.
std::string restrict_system_calls();

}  // namespace cell::plugin_host
