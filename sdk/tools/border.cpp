#include "border.hpp"

#include "plugin/documents.hpp"
#include "plugin/module.hpp"

namespace cell::tool {
namespace {

cell_bytes bytes_of(std::string_view text) {
  // Null with length 0 is what abi.h allows, so it is what gets tried.
  if (text.empty()) return {nullptr, 0};
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class Sink {
 public:
  Sink(std::string& text, std::size_t limit) : text_(text), limit_(limit) {}
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  [[nodiscard]] const cell_sink* get() const { return &sink_; }

 private:
  static cell_status append(void* context, const std::uint8_t* data, std::uint64_t length) {
    auto* self = static_cast<Sink*>(context);
    if (length > self->limit_ - self->text_.size()) return CELL_BAD_SINK;
    self->text_.append(reinterpret_cast<const char*>(data), length);
    return CELL_OK;
  }

  std::string& text_;
  const std::size_t limit_;
  const cell_sink sink_{sizeof(cell_sink), 0, this, &append};
};

Error broken(std::string what) {
  Error error{Code::unavailable, std::move(what)};
  error.reason = "plugin_broke_contract";
  return error;
}

Result<void> check_filled(const cell_plugin& plugin, const plugin::Manifest& manifest) {
  if (plugin.plan == nullptr || plugin.close == nullptr) return broken("open() left out 'plan' or 'close'");
  if (plugin.size > sizeof(cell_plugin)) return broken("open() says that it filled more than the host knows");
  if (plugin.abi_major != manifest.abi_major || plugin.abi_minor != manifest.abi_minor)
    return broken("the library is built for ABI " + std::to_string(plugin.abi_major) + "." +
                  std::to_string(plugin.abi_minor) + ", the manifest says " +
                  std::to_string(manifest.abi_major) + "." + std::to_string(manifest.abi_minor));
  return {};
}

void equip(sdk::testing::FakeHost& host, const plugin::Manifest& manifest) {
  for (const plugin::Permission& permission : manifest.permissions) host.allow(permission.capability);
  for (const plugin::SecretWish& secret : manifest.secrets) host.secrets[secret.name] = "example";
  for (const auto& [name, schema] : json_member(manifest.options, "properties").items()) {
    if (json_bool(schema, "x-secret")) host.secrets[name] = "example";
  }
  host.people = {{.id = "person-1", .name = "Ada", .role = "admin"}};
  host.peers = {{.id = "peer-1", .name = "phone", .person_id = "person-1", .address = "10.8.0.2"}};
  host.on_exec = [](const auto&) -> sdk::Result<sdk::ExecResult> { return sdk::ExecResult{}; };
  host.on_fetch = [](const auto&) -> sdk::Result<sdk::FetchResult> {
    return sdk::FetchResult{.status = 200};
  };
}

}  // namespace

Result<std::unique_ptr<Border>> Border::open(const std::filesystem::path& library,
                                             const plugin::Manifest& manifest, const Json& options) {
  const cell_plugin_open_function function = CELL_TRY(plugin::load_library(library)).open;
  std::unique_ptr<Border> border(new Border);
  equip(border->host_, manifest);
  border->host_.options = options;
  border->plugin_.size = sizeof(cell_plugin);
  std::string document;
  const Sink error(document, plugin::kMaxErrorDocument);
  const cell_status status = function(&border->host_.abi(), &border->plugin_, error.get());
  if (status != CELL_OK) border->plugin_ = {};
  CELL_TRY(plugin::check_status(status, document, "open"));
  CELL_TRY(check_filled(border->plugin_, manifest));
  return border;
}

Border::~Border() {
  if (plugin_.close != nullptr) plugin_.close(plugin_.instance);
}

Answer Border::plan(std::string_view config) const {
  Answer answer;
  const Sink sink(answer.head, plugin::kMaxPlan);
  answer.status = plugin_.plan(plugin_.instance, bytes_of(config), sink.get());
  return answer;
}

Answer Border::handle(std::string_view request, std::string_view body) const {
  Answer answer;
  const Sink head(answer.head, plugin::kMaxHead), content(answer.body, plugin::kMaxBody);
  answer.status =
      plugin_.handle(plugin_.instance, bytes_of(request), bytes_of(body), head.get(), content.get());
  return answer;
}

Answer Border::notify(std::string_view event) const {
  Answer answer;
  const Sink sink(answer.head, plugin::kMaxErrorDocument);
  answer.status = plugin_.notify(plugin_.instance, bytes_of(event), sink.get());
  return answer;
}

Result<void> as_outcome(const Answer& answer, const char* call) {
  return plugin::check_status(answer.status, answer.head, call);
}

Result<Json> as_plan(const Answer& answer) {
  CELL_TRY(as_outcome(answer, "plan"));
  return plugin::read_plan(answer.head);
}

Result<plugin::PluginResponse> as_response(const Answer& answer) {
  CELL_TRY(as_outcome(answer, "handle"));
  return plugin::read_response(answer.head, answer.body);
}

bool is_broken(const Error& error) { return error.reason == "plugin_broke_contract"; }

}  // namespace cell::tool
