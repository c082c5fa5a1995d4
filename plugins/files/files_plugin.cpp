#include <cell/plugin.hpp>

namespace {

using namespace cell::sdk;

constexpr std::uint16_t kDevicePort = 8080;  // WebDAV and share links: the server checks passwords and tokens
constexpr std::uint16_t kPagePort = 8081;    // the web UI: the cell's proxy has checked who is logged in
constexpr const char* kConfigFile = "/etc/files/files.json";

Json accounts(const Config& config, std::int64_t default_quota_mb) {
  Json list = Json::array();
  for (const Account& account : config.accounts()) {
    const std::int64_t quota_mb = account.quota_mb.value_or(default_quota_mb);
    list.push_back({{"login", account.login},
                    {"name", account.name},
                    {"quota_mb", quota_mb > 0 ? Json(quota_mb) : Json()},
                    {"passwords", account.passwords}});
  }
  return list;
}

Container server(std::string document) {
  Container container{.name = "server", .image = "server"};
  container.user = "2102:2102";  // as in the image
  container.on_change = OnChange::hup;
  container.files = {{kConfigFile, std::move(document), "0644", true}};
  container.volumes = {{"data", "/data"}};
  container.memory_mb = 256;
  container.pids = 64;
  container.health = Health{{"files", "check"}, 3, 5, 10, 3};
  return container;
}

class FilesPlugin : public Plugin {
 public:
  using Plugin::Plugin;

  Result<Contributions> plan(const Config& config) const override {
    const std::string address = "https://files." + config.cell().domain;
    const std::string proxy_key = config.secret("proxy_key");
    const Json document = {{"address", address},
                           {"page", "https://" + config.cell().domain},
                           {"proxy_key", proxy_key},
                           {"share_links", config.options().boolean("share_links", true)},
                           {"accounts", accounts(config, config.options().integer("default_quota_mb", 0))}};

    Contributions contributions;
    contributions.containers = {server(dump_json(document))};
    contributions.volumes = {{"data", Backup::hot}};
    contributions.routes = {
        {.host = "files", .path = "/", .to = Target{"server", kDevicePort}, .auth = RouteAuth::none},
        // The key proves that it is the proxy who says who is logged in: other containers reach this port
        // too.
        {.host = "files",
         .path = "/_cell/",
         .to = Target{"server", kPagePort},
         .auth = RouteAuth::login,
         .headers = {{"X-Cell-Person", "{person}"}, {"X-Cell-Key", proxy_key}},
         .web_ui = true}};
    contributions.ui.clients = {{{{"en", "Files as a network drive"}, {"de", "Dateien als Netzlaufwerk"}},
                                 "webdav",
                                 address + "/dav/"}};
    return contributions;
  }
};

}  // namespace

CELL_PLUGIN(FilesPlugin);
