#include "../documents.hpp"
#include "../reader.hpp"
#include "cell/testing.hpp"

namespace cell::sdk::testing {

using detail::Reader;
using detail::view_of;

namespace {

constexpr std::size_t kMaxKeyBytes = 128;
constexpr std::size_t kMaxValueBytes = 1024 * 1024;
constexpr std::size_t kMaxStateBytes = 16 * kMaxValueBytes;

std::string_view noun_of(std::string_view method) { return method.substr(0, method.find('.')); }

bool is_key(std::string_view key) {
  if (key.empty() || key.size() > kMaxKeyBytes) return false;
  for (const char byte : key) {
    const bool is_fit = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                        (byte >= '0' && byte <= '9') ||
                        std::string_view("._/-").find(byte) != std::string_view::npos;
    if (!is_fit) return false;
  }
  return true;
}

Error wrong_field(std::string pointer, std::string detail) {
  return {.code = Code::invalid_argument,
          .message = "the request does not fit",
          .fields = {{std::move(pointer), std::move(detail)}}};
}

Error unknown(const std::string& method) {
  return {.code = Code::unsupported, .message = "this host does not know '" + method + "'"};
}

ExecRequest exec_of(const Reader& from) {
  return {.container = from.text("container"),
          .command = from.texts("command"),
          .input = from.text("input"),
          .limit = std::chrono::milliseconds(from.integer("limit_ms"))};
}

FetchRequest fetch_of(const Reader& from) {
  return {.method = from.text("method"),
          .url = from.text("url"),
          .headers = from.text_map("headers"),
          .body = from.text("body"),
          .limit = std::chrono::milliseconds(from.integer("limit_ms"))};
}

}  // namespace

FakeHost::FakeHost() {
  host_.size = sizeof(cell_host);
  host_.abi_minor = CELL_ABI_MINOR;
  host_.context = this;
  host_.log = &on_log;
  host_.call = &on_call;
}

void FakeHost::on_log(void* context, std::int32_t level, cell_bytes message, cell_bytes fields) {
  auto* self = static_cast<FakeHost*>(context);
  auto document = parse_json(view_of(fields));
  const std::lock_guard lock(self->mutex_);
  self->log_.push_back(
      {level, std::string(view_of(message)), document ? std::move(document).value() : Json::object()});
}

cell_status FakeHost::on_call(void* context, cell_bytes method, cell_bytes request, const cell_sink* reply) {
  auto* self = static_cast<FakeHost*>(context);
  const auto document = parse_json(view_of(request));
  const auto answer =
      document ? self->answer(std::string(view_of(method)), *document) : Result<Json>(document.error());
  const std::string text = answer ? dump_json(*answer) : detail::error_document(answer.error());
  const cell_bytes bytes = detail::bytes_of(text);
  const cell_status status = reply->write(reply->context, bytes.data, bytes.length);
  if (status != CELL_OK) return status;
  return answer ? CELL_OK : CELL_FAILED;
}

Result<Json> FakeHost::answer(const std::string& method, const Json& request) {
  static const std::map<std::string, std::string, std::less<>> kPermissions = {{"people", "people"},
                                                                               {"peers", "peers"},
                                                                               {"containers", "exec"},
                                                                               {"http", "http"},
                                                                               {"events", "events"}};
  const auto needed = kPermissions.find(noun_of(method));
  if (needed == kPermissions.end()) return answer_own(method, request);
  if (allowed_.count(needed->second) == 0)
    return Error{.code = Code::forbidden,
                 .message = "'" + method + "' needs the permission '" + needed->second + "'",
                 .hint = "add it to the manifest's permissions"};
  return answer_permitted(method, request);
}

Result<Json> FakeHost::answer_own(const std::string& method, const Json& request) {
  const std::lock_guard lock(mutex_);
  if (noun_of(method) == "state") return answer_state(method, request);
  if (method == "secrets.get/1") {
    const auto found = secrets.find(Reader(request).text("name"));
    if (found == secrets.end())
      return Error{.code = Code::not_found, .message = "there is no secret of that name"};
    return Json{{"value", found->second}};
  }
  if (method == "options.get/1") return Json{{"options", options}};
  if (method == "identity.get/1")
    return Json{{"name", cell.name},
                {"domain", cell.domain},
                {"timezone", cell.timezone},
                {"language", cell.language}};
  if (method == "plan.request/1") {
    ++plan_requests_;
    return Json::object();
  }
  return unknown(method);
}

Result<Json> FakeHost::answer_state(const std::string& method, const Json& request) {
  if (method == "state.list/1") {
    const std::string prefix = Reader(request).text("prefix");
    Json keys = Json::array();
    for (const auto& [key, value] : state_) {
      if (key.compare(0, prefix.size(), prefix) == 0) keys.push_back(key);
    }
    return Json{{"keys", keys}};
  }
  if (method != "state.get/1" && method != "state.put/1" && method != "state.remove/1")
    return unknown(method);
  const std::string key = Reader(request).text("key");
  if (!is_key(key)) return wrong_field("/key", "must be 1 to 128 letters, digits, '.', '_', '/' or '-'");
  if (method == "state.get/1") {
    const auto found = state_.find(key);
    return found != state_.end() ? Json{{"value", found->second}} : Json::object();
  }
  if (method == "state.put/1") {
    if (!request.contains("value")) return wrong_field("/value", "must be there");
    std::size_t bytes = dump_json(request["value"]).size();
    if (bytes > kMaxValueBytes)
      return Error{.code = Code::too_large, .message = "the value is longer than 1 MiB"};
    for (const auto& [other, value] : state_) {
      if (other != key) bytes += dump_json(value).size();
    }
    if (bytes > kMaxStateBytes)
      return Error{.code = Code::too_large,
                   .message = "the service keeps more than 16 MiB",
                   .hint = "remove what it does not need"};
    state_[key] = request["value"];
    return Json::object();
  }
  state_.erase(key);
  return Json::object();
}

Result<Json> FakeHost::answer_permitted(const std::string& method, const Json& request) {
  const Error silent{.code = Code::unavailable, .message = "nothing answers in this test"};
  if (method == "containers.exec/1") {
    if (!on_exec) return silent;
    const ExecResult result = CELL_TRY(on_exec(exec_of(Reader(request))));
    return Json{{"exit_code", result.exit_code}, {"stdout", result.output}, {"stderr", result.error_output}};
  }
  if (method == "http.fetch/1") {
    if (!on_fetch) return silent;
    const FetchResult result = CELL_TRY(on_fetch(fetch_of(Reader(request))));
    return Json{{"status", result.status}, {"headers", result.headers}, {"body", result.body}};
  }
  Json items = Json::array();
  if (method == "people.list/1") {
    for (const Person& person : people)
      items.push_back({{"id", person.id}, {"name", person.name}, {"role", person.role}});
    return Json{{"people", items}};
  }
  if (method == "peers.list/1") {
    for (const Peer& peer : peers)
      items.push_back({{"id", peer.id},
                       {"name", peer.name},
                       {"person_id", peer.person_id},
                       {"address", peer.address},
                       {"online", peer.is_online}});
    return Json{{"peers", items}};
  }
  if (method == "events.emit/1") {
    const std::lock_guard lock(mutex_);
    events_.push_back(request);
    return Json::object();
  }
  return unknown(method);
}

std::map<std::string, Json> FakeHost::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::vector<LogLine> FakeHost::log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

std::vector<Json> FakeHost::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

int FakeHost::plan_requests() const {
  const std::lock_guard lock(mutex_);
  return plan_requests_;
}

}  // namespace cell::sdk::testing
