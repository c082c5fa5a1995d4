#include "caddy/admin.hpp"

#include <thread>

#include "base/unix_http.hpp"

namespace cell::caddy {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLoadLimit{30'000};  // stopping the old servers takes up to their grace period
constexpr milliseconds kReadLimit{5'000};
constexpr milliseconds kProbeLimit{5'000};
constexpr milliseconds kProbePause{20};

class SocketAdmin final : public Admin {
 public:
  explicit SocketAdmin(std::filesystem::path socket) : socket_(std::move(socket)) {}

  Result<void> load(const Json& document) override {
    auto reply = unix_http({.socket = socket_,
                            .method = "POST",
                            .target = "/load",
                            .body = dump_json(document),
                            .headers = {{"Content-Type", "application/json"}},
                            .limit = kLoadLimit});
    if (!reply) return in_words(std::move(reply).error(), "cannot load Caddy's document");
    if (reply->status >= 400) return refused(*reply);
    return probe();
  }

  Result<Json> current() override {
    auto reply = unix_http({.socket = socket_, .target = "/config/", .limit = kReadLimit});
    if (!reply) return in_words(std::move(reply).error(), "cannot ask Caddy for its document");
    if (reply->status != 200) return refused(*reply);
    auto json = parse_json(reply->body);
    if (!json) return Error{Code::internal, "Caddy's document is not JSON: " + json.error().message};
    return json;
  }

 private:
  static Error in_words(Error error, std::string_view doing) {
    if (error.code == Code::unavailable) error.hint = "check that the proxy's container runs";
    return std::move(error).within(doing);
  }

  static Error refused(const UnixHttpReply& reply) {
    const auto json = parse_json(reply.body);
    std::string reason = json ? json_string(*json, "error") : std::string();
    if (reason.empty()) reason = "status " + std::to_string(reply.status);
    return Error{reply.status < 500 ? Code::invalid_argument : Code::unavailable,
                 "Caddy refused the document: " + reason};
  }

  // The admin listener is replaced by each load; the old one may still be closing.
  Result<void> probe() {
    const auto end = std::chrono::steady_clock::now() + kProbeLimit;
    for (;;) {
      const auto seen = current();
      if (seen) return {};
      if (std::chrono::steady_clock::now() >= end)
        return Error(seen.error()).within("Caddy took the document, but its admin endpoint is gone");
      std::this_thread::sleep_for(kProbePause);
    }
  }

  std::filesystem::path socket_;
};

}  // namespace

std::unique_ptr<Admin> connect(const std::filesystem::path& socket) {
  return std::make_unique<SocketAdmin>(socket);
}

}  // namespace cell::caddy
