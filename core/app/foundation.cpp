#include "app/foundation.hpp"

#include "app/master_key.hpp"
#include "base/atomic_file.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "wireguard/address.hpp"

namespace cell::app {

namespace fs = std::filesystem;

namespace {

// Hands events of the layers below to the event-stream clients.
class Events final : public EventSink {
 public:
  explicit Events(http::Broadcaster& broadcaster) : broadcaster_(broadcaster) {}
  void publish(std::string_view event, const Json& data) override {
    broadcaster_.publish(event, dump_json(data));
  }
  void publish_to(std::string_view person_id, std::string_view event, const Json& data) override {
    if (!person_id.empty()) broadcaster_.publish(event, dump_json(data), person_id);
  }

 private:
  http::Broadcaster& broadcaster_;
};

// RFC 4193 §3.2: fd, 40 random bits, subnet 1.
std::string random_ula() {
  const std::string hex = crypto::to_hex(crypto::random_bytes(5));
  const std::string text =
      "fd" + hex.substr(0, 2) + ":" + hex.substr(2, 4) + ":" + hex.substr(6, 4) + ":1::/64";
  // Without leading zeros, as everything that reads it again wants it.
  return wireguard::to_string(wireguard::parse_subnet(text).value());
}

Result<void> make_directories(const fs::path& root) {
  for (const char* name : {"config/api", "data/db", "run", "logs"})
    CELL_TRY(ensure_directory(root / name, 0700));
  return {};
}

}  // namespace

Foundation::Foundation(const settings::Environment& environment_in, log::Logs& logs_in)
    : environment(environment_in),
      logs(logs_in),
      levels(logs_in, environment.log_level_is_set ? environment.log_level : std::string()),
      events(std::make_unique<Events>(broadcaster)) {}

Result<std::unique_ptr<Foundation>> Foundation::open(const settings::Environment& environment,
                                                     log::Logs& logs) {
  std::unique_ptr<Foundation> foundation(new Foundation(environment, logs));
  const fs::path& root = environment.directory;
  CELL_TRY(make_directories(root));
  CELL_TRY(foundation->open_configuration());
  Secret key = CELL_TRY(load_or_make_key(root / "config/api/sealing.key"));
  foundation->sealed =
      CELL_TRY(config::SealedStore::open(root / "config/api/sealed.json", sealer_with(std::move(key))));
  foundation->database = CELL_TRY(database::Database::open(root / "data/db/cell.sqlite"));
  foundation->engine = engine::connect(environment.engine_socket);
  return foundation;
}

Result<void> Foundation::open_configuration() {
  const auto schema = std::make_shared<const Schema>(CELL_TRY(Schema::compile(settings::document_schema())));
  config = CELL_TRY(config::Store::open({.directory = environment.directory / "config/api",
                                         .initial = settings::initial_document(random_ula()),
                                         .schema = schema,
                                         .clock = &clock}));
  if (config->load_report().fell_back) {
    logs.logger("core").error(
        "the configuration was damaged, the newest good revision is in force",
        {{"reason", config->load_report().problem}, {"kept", config->load_report().kept_bad_file.string()}});
  }
  config->subscribe([this](const config::Snapshot&, const config::Snapshot& after) {
    levels.apply(after->root);
    events->publish("config.changed", {{"revision", after->revision}});
  });
  levels.apply(config->snapshot()->root);
  return {};
}

}  // namespace cell::app
