#include <thread>

#include "plugin/in_process_core.hpp"

namespace cell::plugin {

namespace {

class InProcess final : public Instance {
 public:
  explicit InProcess(std::shared_ptr<InProcessCore> core)
      : core_(std::move(core)), watch_([core = core_](const std::stop_token& stop) { core->watch(stop); }) {}
  ~InProcess() override { core_->close(); }

  Result<Json> plan(const Json& config) override { return core_->plan(config); }
  Result<PluginResponse> handle(const PluginRequest& request) override { return core_->handle(request); }
  Result<void> notify(const Json& event) override { return core_->notify(event); }
  [[nodiscard]] std::string mode() const override { return "in_process"; }

 private:
  std::shared_ptr<InProcessCore> core_;
  std::jthread watch_;
};

}  // namespace

Result<std::unique_ptr<Instance>> open_in_process(const Manifest& manifest, OpenOptions options) {
  if (manifest.kind != Kind::native) return Error{Code::internal, "the package has no library to load"};
  const auto core = std::make_shared<InProcessCore>(std::move(options));
  CELL_TRY(core->open());
  return std::unique_ptr<Instance>(std::make_unique<InProcess>(core));
}

}  // namespace cell::plugin
