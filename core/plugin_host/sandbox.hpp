#pragma once

#include <cstdint>
#include <string>

namespace cell::plugin_host {

struct Confinement {
  std::uint32_t user = 0;          // of user and group; 0: the one that it has
  std::uint64_t memory_bytes = 0;  // address space; 0: no limit
  int library = -1;                // open file that may be mapped
};

// Takes from this process what a plugin does not need, for good and for every thread made later: other users'
// rights, new privileges, files (Landlock, where the kernel has it), system calls beyond those of a program
// that computes and talks over sockets that it has (seccomp), core dumps, memory. Called before the library
// is loaded, whose constructors are a plugin's code as well. Empty, or what could not be done.
std::string confine(const Confinement& confinement);

// After the library is loaded: nobody of the same user may look into the process.
void hide();

}  // namespace cell::plugin_host
