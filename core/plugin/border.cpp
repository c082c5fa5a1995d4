#include "plugin/border.hpp"

namespace cell::plugin {

namespace {

thread_local bool planning = false;

constexpr Limits kLimits{};

class Planning {
 public:
  Planning() { planning = true; }
  ~Planning() { planning = false; }
  Planning(const Planning&) = delete;
  Planning& operator=(const Planning&) = delete;
};

CallResult refused(std::string why) { return {Outcome::answered, CELL_BAD_SINK, std::move(why), {}}; }

// What is wrong with the struct that the plugin filled; empty when nothing is.
std::string problem_of(const cell_plugin& plugin) {
  if (plugin.abi_major != CELL_ABI_MAJOR)
    return "the library is built for version " + std::to_string(plugin.abi_major) +
           " of the plugin border, this cell has " + std::to_string(CELL_ABI_MAJOR);
  if (plugin.abi_minor > CELL_ABI_MINOR)
    return "the library needs a newer minor version of the plugin border than this cell has";
  if (!CELL_HAS(&plugin, cell_plugin, close)) return "the library fills a struct that is too short";
  if (plugin.plan == nullptr) return "the library has no 'plan'";
  if (plugin.close == nullptr) return "the library has no 'close'";
  return {};
}

// Runs a callback; what it throws ends here.
template <class Call>
CallResult guarded(BoundedSink& first, BoundedSink* second, const Call& call) {
  CallResult result;
  try {
    result.status = call();
  } catch (...) {
    result.outcome = Outcome::threw;
    return result;
  }
  if (first.overflowed() || (second != nullptr && second->overflowed())) {
    result.outcome = Outcome::too_long;
    return result;
  }
  result.first = first.take();
  if (second != nullptr) result.second = second->take();
  return result;
}

}  // namespace

bool is_planning() noexcept { return planning; }

cell_status BoundedSink::write(void* context, const std::uint8_t* data, std::uint64_t length) noexcept {
  auto* self = static_cast<BoundedSink*>(context);
  if (length == 0) return CELL_OK;
  if (self->overflowed_ || data == nullptr || length > self->limit_ - self->text_.size()) {
    self->overflowed_ = true;
    return CELL_BAD_SINK;
  }
  try {
    self->text_.append(reinterpret_cast<const char*>(data), length);
  } catch (...) {
    self->overflowed_ = true;
    return CELL_BAD_SINK;
  }
  return CELL_OK;
}

CallResult Border::open(cell_plugin_open_function function, const cell_host* host) {
  plugin_ = {};
  plugin_.size = sizeof plugin_;
  BoundedSink error(kLimits.error);
  CallResult result = guarded(error, nullptr, [&] { return function(host, &plugin_, error.sink()); });
  if (result.outcome != Outcome::answered || result.status != CELL_OK) return result;
  std::string problem = problem_of(plugin_);
  if (problem.empty()) return result;
  if (plugin_.abi_major == CELL_ABI_MAJOR && CELL_HAS(&plugin_, cell_plugin, close) &&
      plugin_.close != nullptr)
    close();
  return refused(std::move(problem));
}

CallResult Border::plan(std::string_view config) const {
  BoundedSink document(kLimits.plan);
  const Planning now;
  return guarded(document, nullptr,
                 [&] { return plugin_.plan(plugin_.instance, bytes_of(config), document.sink()); });
}

CallResult Border::handle(std::string_view request, std::string_view body) const {
  if (plugin_.handle == nullptr) return {Outcome::lacks_call, CELL_OK, {}, {}};
  BoundedSink head(kLimits.head);
  BoundedSink answer(kLimits.body);
  return guarded(head, &answer, [&] {
    return plugin_.handle(plugin_.instance, bytes_of(request), bytes_of(body), head.sink(), answer.sink());
  });
}

CallResult Border::notify(std::string_view event) const {
  if (plugin_.notify == nullptr) return {Outcome::lacks_call, CELL_OK, {}, {}};
  BoundedSink error(kLimits.error);
  return guarded(error, nullptr,
                 [&] { return plugin_.notify(plugin_.instance, bytes_of(event), error.sink()); });
}

void Border::close() const {
  try {
    plugin_.close(plugin_.instance);
  } catch (...) {
    // It is over either way.
    return;
  }
}

}  // namespace cell::plugin
