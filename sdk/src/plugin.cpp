#include "cell/plugin.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "documents.hpp"
#include "reader.hpp"

namespace cell::sdk {

Result<Response> Plugin::handle(const Request&) {
  return Error{.code = Code::not_found, .message = "this plugin has no routes"};
}

Result<void> Plugin::notify(const Event&) { return {}; }

namespace detail {
namespace {

// What the border's `instance` points to.
struct Instance {
  std::unique_ptr<Plugin> plugin;
};

cell_status write(const cell_sink* sink, std::string_view text) {
  if (sink == nullptr || !CELL_HAS(sink, cell_sink, write) || sink->write == nullptr) return CELL_BAD_SINK;
  const cell_bytes bytes = bytes_of(text);
  return sink->write(sink->context, bytes.data, bytes.length);
}

cell_status fail(const cell_sink* sink, const Error& error) {
  const cell_status status = write(sink, error_document(error));
  return status == CELL_OK ? CELL_FAILED : status;
}

// Runs `body`, which answers a status or throws. Nothing is thrown past here, not even for want of memory.
template <class Body>
cell_status guarded(const cell_sink* sink, Body body) noexcept {
  try {
    try {
      return body();
    } catch (const std::exception& e) {
      return fail(sink, {.message = std::string("the plugin threw an exception: ") + e.what()});
    } catch (...) {
      return fail(sink, {.message = "the plugin threw something that is not an exception"});
    }
  } catch (...) {
    (void)write(sink, R"({"code":"internal","message":"the plugin is out of memory"})");
    return CELL_FAILED;
  }
}

Plugin& plugin_of(void* instance) { return *static_cast<Instance*>(instance)->plugin; }

Result<Json> planned(const Plugin& plugin, std::string_view document) {
  const Json json = CELL_TRY(parse_json(document));
  const Config config = CELL_TRY(Config::parse(json));
  const auto contributions = plugin.plan(config);
  // The plugin's own error first: it may be the finer one. What was noted while reading stands beside it.
  if (!contributions) {
    Error error = contributions.error();
    error.fields.insert(error.fields.end(), config.problems().begin(), config.problems().end());
    return error;
  }
  if (!config.problems().empty())
    return Error{.code = Code::invalid_argument,
                 .message = "the options do not fit",
                 .hint = "change the values that are named",
                 .fields = config.problems()};
  return to_json(*contributions);
}

cell_status plan(void* instance, cell_bytes config, const cell_sink* contributions) noexcept {
  return guarded(contributions, [&] {
    const auto document = planned(plugin_of(instance), view_of(config));
    if (!document) return fail(contributions, document.error());
    return write(contributions, dump_json(*document));
  });
}

Result<Response> handled(Plugin& plugin, std::string_view head, std::string_view body) {
  const Json json = CELL_TRY(parse_json(head));
  const Request request = CELL_TRY(Request::parse(json, std::string(body)));
  return plugin.handle(request);
}

cell_status handle(void* instance, cell_bytes request, cell_bytes body, const cell_sink* response,
                   const cell_sink* response_body) noexcept {
  return guarded(response, [&] {
    const auto answer = handled(plugin_of(instance), view_of(request), view_of(body));
    if (!answer) return fail(response, answer.error());
    Json head = {{"status", answer->status}, {"headers", Json::object()}};
    for (const auto& [name, value] : answer->headers) head["headers"][name] = value;
    // The body first: when it is over its limit, nothing has been said yet.
    const cell_status status = answer->body.empty() ? CELL_OK : write(response_body, answer->body);
    return status == CELL_OK ? write(response, dump_json(head)) : status;
  });
}

Result<void> notified(Plugin& plugin, std::string_view document) {
  Json json = CELL_TRY(parse_json(document));
  Event event{.type = Reader(json).text("type"), .name = Reader(json).text("name")};
  if (event.type.empty())
    return Error{.code = Code::invalid_argument,
                 .message = "the event has no type",
                 .fields = {{"/type", "must be there"}}};
  event.document = std::move(json);
  return plugin.notify(event);
}

cell_status notify(void* instance, cell_bytes event, const cell_sink* error) noexcept {
  return guarded(error, [&]() -> cell_status {
    const auto result = notified(plugin_of(instance), view_of(event));
    return result ? CELL_OK : fail(error, result.error());
  });
}

void close(void* instance) noexcept { delete static_cast<Instance*>(instance); }

// Fills what the host knows of the struct, and says how much of it there is.
void fill(cell_plugin& plugin, const Kind& kind, void* instance) {
  plugin.abi_major = CELL_ABI_MAJOR;
  plugin.abi_minor = CELL_ABI_MINOR;
  plugin.instance = instance;
  plugin.plan = &plan;
  plugin.handle = kind.has_handle ? &handle : nullptr;
  plugin.notify = kind.has_notify ? &notify : nullptr;
  plugin.close = &close;
  plugin.size = std::min(plugin.size, static_cast<std::uint32_t>(sizeof(cell_plugin)));
}

}  // namespace

cell_status open(const cell_host* host, cell_plugin* plugin, const cell_sink* error,
                 Kind (*kind)()) noexcept {
  return guarded(error, [&]() -> cell_status {
    if (host == nullptr || plugin == nullptr || !CELL_HAS(host, cell_host, call) ||
        !CELL_HAS(plugin, cell_plugin, close))
      return fail(error, {.code = Code::unsupported, .message = "the host does not keep to ABI 1"});
    const Kind made = kind();
    auto instance = std::make_unique<Instance>(Instance{made.make(Host(host))});
    fill(*plugin, made, instance.release());
    return CELL_OK;
  });
}

}  // namespace detail
}  // namespace cell::sdk
