#include "cell/host.hpp"

#include <utility>

#include "documents.hpp"
#include "reader.hpp"

namespace cell::sdk {

using detail::Reader;

Result<Json> Host::call(std::string_view method, const Json& request) const {
  if (host_ == nullptr || !CELL_HAS(host_, cell_host, call) || host_->call == nullptr)
    return Error{.code = Code::unsupported, .message = "this host answers no calls"};
  const std::string document = dump_json(request);
  const detail::StringSink reply;
  const cell_status status =
      host_->call(host_->context, detail::bytes_of(method), detail::bytes_of(document), reply.sink());
  if (status == CELL_BAD_SINK)
    return Error{.code = Code::too_large, .message = "the host's answer is longer than 16 MiB"};
  if (status != CELL_OK) return detail::error_of(reply.text());
  Json answer = CELL_TRY(parse_json(reply.text()));
  if (!answer.is_object()) return Error{.message = "the host's answer is not an object"};
  return answer;
}

Result<std::optional<Json>> Host::state(std::string_view key) const {
  const Json answer = CELL_TRY(call("state.get/1", {{"key", key}}));
  const auto value = answer.find("value");
  if (value == answer.end()) return std::optional<Json>();
  return std::optional<Json>(*value);
}

Result<void> Host::put_state(std::string_view key, const Json& value) const {
  (void)CELL_TRY(call("state.put/1", {{"key", key}, {"value", value}}));
  return {};
}

Result<void> Host::remove_state(std::string_view key) const {
  (void)CELL_TRY(call("state.remove/1", {{"key", key}}));
  return {};
}

Result<std::vector<std::string>> Host::state_keys(std::string_view prefix) const {
  const Json answer = CELL_TRY(call("state.list/1", {{"prefix", prefix}}));
  return Reader(answer).texts("keys");
}

Result<std::string> Host::secret(std::string_view name) const {
  const Json answer = CELL_TRY(call("secrets.get/1", {{"name", name}}));
  return Reader(answer).text("value");
}

Result<Options> Host::options() const {
  const Json answer = CELL_TRY(call("options.get/1", Json::object()));
  const auto found = answer.find("options");
  if (found == answer.end() || !found->is_object())
    return Error{.message = "the host's answer has no options"};
  return Options::of(*found);
}

Result<CellInfo> Host::cell() const {
  const Json answer = CELL_TRY(call("identity.get/1", Json::object()));
  const Reader from(answer);
  return CellInfo{.name = from.text("name"),
                  .domain = from.text("domain"),
                  .timezone = from.text("timezone"),
                  .language = from.text("language")};
}

Result<void> Host::request_plan() const {
  (void)CELL_TRY(call("plan.request/1", Json::object()));
  return {};
}

Result<std::vector<Person>> Host::people() const {
  const Json answer = CELL_TRY(call("people.list/1", Json::object()));
  std::vector<Person> people;
  for (const Reader& from : Reader(answer).objects("people"))
    people.push_back({.id = from.text("id"), .name = from.text("name"), .role = from.text("role")});
  return people;
}

Result<std::vector<Peer>> Host::peers() const {
  const Json answer = CELL_TRY(call("peers.list/1", Json::object()));
  std::vector<Peer> peers;
  for (const Reader& from : Reader(answer).objects("peers"))
    peers.push_back({.id = from.text("id"),
                     .name = from.text("name"),
                     .person_id = from.text("person_id"),
                     .address = from.text("address"),
                     .is_online = from.boolean("online")});
  return peers;
}

Result<ExecResult> Host::exec(const ExecRequest& request) const {
  const Json answer = CELL_TRY(call("containers.exec/1", {{"container", request.container},
                                                          {"command", request.command},
                                                          {"input", request.input},
                                                          {"limit_ms", request.limit.count()}}));
  const Reader from(answer);
  return ExecResult{.exit_code = static_cast<int>(from.integer("exit_code")),
                    .output = from.text("stdout"),
                    .error_output = from.text("stderr")};
}

Result<FetchResult> Host::fetch(const FetchRequest& request) const {
  const Json answer = CELL_TRY(call("http.fetch/1", {{"method", request.method},
                                                     {"url", request.url},
                                                     {"headers", request.headers},
                                                     {"body", request.body},
                                                     {"limit_ms", request.limit.count()}}));
  const Reader from(answer);
  return FetchResult{.status = static_cast<int>(from.integer("status")),
                     .headers = from.text_map("headers"),
                     .body = from.text("body")};
}

Result<void> Host::emit(std::string_view type, const Json& data) const {
  (void)CELL_TRY(call("events.emit/1", {{"type", type}, {"data", data}}));
  return {};
}

}  // namespace cell::sdk
