#include "engine/workshop.hpp"

#include "engine/parse.hpp"
#include "engine/session.hpp"

namespace cell::engine {

namespace {

constexpr std::chrono::milliseconds kCommitLimit{600'000};  // a whole layer is written
constexpr std::chrono::milliseconds kWriteLimit{120'000};

class SocketWorkshop final : public Workshop {
 public:
  explicit SocketWorkshop(const std::filesystem::path& socket) : session_(socket) {}

  Result<void> put_archive(const std::string& container, const std::string& path,
                           std::string_view tar) override {
    CELL_TRY(
        session_.send({.method = "PUT",
                       .path = "/containers/" + url_encode(container) + "/archive?path=" + url_encode(path),
                       .doing = "cannot put files into container '" + container + "'",
                       .archive = std::string(tar),
                       .limit = kWriteLimit}));
    return {};
  }

  Result<std::string> commit_container(const CommitSpec& spec) override {
    std::string path = "/commit?container=" + url_encode(spec.container) +
                       "&repo=" + url_encode(spec.repository) + "&tag=" + url_encode(spec.tag);
    for (const std::string& change : spec.changes) path += "&changes=" + url_encode(change);
    const auto json =
        CELL_TRY(session_.get_json({.method = "POST",
                                    .path = path,
                                    .doing = "cannot keep image '" + spec.repository + ":" + spec.tag + "'",
                                    .limit = kCommitLimit}));
    return json_string(json, "Id");
  }

  Result<void> remove_image(const std::string& reference) override {
    const auto reply = session_.send({.method = "DELETE",
                                      .path = "/images/" + url_encode(reference),
                                      .doing = "cannot remove image '" + reference + "'",
                                      .limit = kWriteLimit});
    if (!reply && reply.error().code != Code::not_found) return reply.error();
    return {};
  }

 private:
  Session session_;
};

}  // namespace

std::unique_ptr<Workshop> connect_workshop(const std::filesystem::path& socket) {
  return std::make_unique<SocketWorkshop>(socket);
}

}  // namespace cell::engine
