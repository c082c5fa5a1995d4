#include "plugin/instance.hpp"
#include "plugin/template_check.hpp"

namespace cell::plugin {

namespace {

Error lacks(const char* what) {
  Error error{Code::unsupported, std::string("a package without code has no ") + what};
  return error;
}

class Declarative final : public Instance {
 public:
  explicit Declarative(const Manifest& manifest) : manifest_(manifest) {}

  Result<Json> plan(const Json& config) override {
    return fill(manifest_.contributions, filling_of(manifest_, config));
  }
  Result<PluginResponse> handle(const PluginRequest&) override { return lacks("routes of its own"); }
  Result<void> notify(const Json&) override { return {}; }
  [[nodiscard]] std::string mode() const override { return "declarative"; }

 private:
  static Result<Json> fill(const Json& value, const Filling& filling) {
    if (value.is_string())
      return render(CELL_TRY(parse_template(value.get_ref<const std::string&>())), filling);
    if (!value.is_structured()) return value;
    Json result = value;
    for (auto& item : result) item = CELL_TRY(fill(item, filling));
    return result;
  }

  const Manifest manifest_;
};

}  // namespace

std::unique_ptr<Instance> open_declarative(const Manifest& manifest) {
  return std::make_unique<Declarative>(manifest);
}

}  // namespace cell::plugin
