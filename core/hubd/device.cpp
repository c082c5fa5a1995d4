#include "hubd/device.hpp"

#include <chrono>

#include <net/if.h>

#include "base/atomic_file.hpp"
#include "base/process.hpp"
#include "wireguard/tool.hpp"

namespace cell::hubd {
namespace {

constexpr std::chrono::seconds kToolLimit{10};
// Above this many changed peers one syncconf of the whole interface is cheaper than a process for each.
constexpr std::size_t kMaxSingleCalls = 8;

bool is_kernel_wireguard(const std::string& interface) {
  const auto facts = read_file("/sys/class/net/" + interface + "/uevent");
  return facts && facts->find("DEVTYPE=wireguard") != std::string::npos;
}

Result<void> add_kernel_interface(const std::string& interface) {
  if (is_kernel_wireguard(interface)) return {};
  CELL_TRY(run_checked({"ip", "link", "add", "dev", interface, "type", "wireguard"}, kToolLimit));
  return {};
}

class KernelDevice final : public Device {
 public:
  explicit KernelDevice(std::string interface) : interface_(std::move(interface)) {}

  Result<void> ensure() override { return add_kernel_interface(interface_); }
  [[nodiscard]] bool is_alive() const override { return ::if_nametoindex(interface_.c_str()) != 0; }

  Result<wireguard::DeviceActual> read() override {
    return wireguard::parse_dump(CELL_TRY(run_checked({"wg", "show", interface_, "dump"}, kToolLimit)));
  }

  Result<void> change(const wireguard::DeviceChange& change) override {
    if (change.upsert.size() > kMaxSingleCalls) return synchronise(change);
    for (const auto& call : wireguard::tool_calls(interface_, change)) {
      CELL_TRY(run_checked(call.arguments, kToolLimit, call.input));
    }
    return {};
  }

  [[nodiscard]] std::string backend() const override { return "kernel"; }
  [[nodiscard]] std::string backend_reason() const override { return {}; }

 private:
  Result<void> synchronise(const wireguard::DeviceChange& change) {
    const auto whole = wireguard::changed(CELL_TRY(read()), change);
    CELL_TRY(run_checked({"wg", "syncconf", interface_, "/dev/stdin"}, kToolLimit,
                         wireguard::render_syncconf(whole)));
    return {};
  }

  std::string interface_;
};

}  // namespace

std::unique_ptr<Device> make_kernel_device(const std::string& interface) {
  return std::make_unique<KernelDevice>(interface);
}

Result<std::unique_ptr<Device>> open_device(const std::string& interface, WireguardChoice choice) {
  if (choice == WireguardChoice::userspace) return make_userspace_device(interface, "chosen by option");
  const auto added = add_kernel_interface(interface);
  if (added) return make_kernel_device(interface);
  if (choice == WireguardChoice::kernel) return added.error();
  return make_userspace_device(interface, "the kernel has no WireGuard (" + added.error().message + ")");
}

}  // namespace cell::hubd
