#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cell::setup {

// A socket that waits for others, from /proc/net/{tcp,tcp6,udp,udp6} (proc(5)).
struct Listening {
  std::uint16_t port = 0;
  bool udp = false;
  std::uint64_t inode = 0;
  std::string address{};  // as the kernel writes it: "3500007F" is 127.0.0.53
};

// Pure: the listening sockets of one such file. Lines that can't be read are left out.
std::vector<Listening> parse_proc_net(std::string_view text, bool udp);

struct Owner {
  int pid = 0;
  std::string program;  // its short name; empty when it can't be seen
};
// The process that holds a socket; pid 0 when it is not visible (another user's, or outside our container).
Owner owner_of_socket(const std::filesystem::path& proc, std::uint64_t inode);

}  // namespace cell::setup
