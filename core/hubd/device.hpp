#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "hubd/options.hpp"
#include "wireguard/device.hpp"

namespace cell::hubd {

// A WireGuard interface, the kernel's or a userspace process's. One thread.
class Device {
 public:
  virtual ~Device() = default;
  // Makes the interface where there is none (or a dead one). Adopts one that is there, with its sessions.
  virtual Result<void> ensure() = 0;
  [[nodiscard]] virtual bool is_alive() const = 0;
  virtual Result<wireguard::DeviceActual> read() = 0;
  virtual Result<void> change(const wireguard::DeviceChange& change) = 0;
  [[nodiscard]] virtual std::string backend() const = 0;         // "kernel" or "userspace"
  [[nodiscard]] virtual std::string backend_reason() const = 0;  // why userspace
};

// The kernel's WireGuard where there is one, else wireguard-go.
Result<std::unique_ptr<Device>> open_device(const std::string& interface, WireguardChoice choice);

std::unique_ptr<Device> make_kernel_device(const std::string& interface);
std::unique_ptr<Device> make_userspace_device(const std::string& interface, const std::string& reason);

}  // namespace cell::hubd
