#include "api/vault_routes.hpp"

#include "crypto/certificate.hpp"
#include "domain/proxy/document.hpp"

namespace cell::api {

namespace {

constexpr const char* kRootUrl = "/pki/root.crt";
constexpr const char* kRootType = "application/x-x509-ca-cert";

Result<vault::AuthorityInfo> authority_of(const vault::Vault& vault) {
  auto authority = vault.authority();
  if (authority) return std::move(*authority);
  const std::string reason = vault.last_error();
  if (reason.empty())
    return Error{Code::not_found, "there is no certificate authority yet",
                 "it is made when the cell is set up"};
  return Error{Code::unavailable, reason, "the log of 'vault' says more"};
}

Result<http::Response> show_authority(const vault::Vault& vault) {
  const auto [root, intermediate, pem] = CELL_TRY(authority_of(vault));
  return http::Response::json(
      {{"root",
        {{"subject", root.subject}, {"sha256", root.sha256}, {"not_after", format_time(root.not_after)}}},
       {"intermediate",
        {{"subject", intermediate.subject}, {"not_after", format_time(intermediate.not_after)}}},
       {"root_url", kRootUrl}});
}

http::Response list_certificates(const vault::Vault& vault) {
  Json items = Json::array();
  if (const auto server = vault.server()) {
    Json item = {{"names", server->names},
                 {"issuer", server->issuer},
                 {"not_before", format_time(server->not_before)},
                 {"not_after", format_time(server->not_after)},
                 {"state", server->state}};
    if (!server->last_error.empty()) item["last_error"] = server->last_error;
    items.push_back(std::move(item));
  }
  return http::Response::json({{"items", std::move(items)}});
}

Json certificate_schema() {
  return schema::object({{"names", schema::array(schema::string())},
                         {"issuer", schema::string(1024)},
                         {"not_before", schema::time()},
                         {"not_after", schema::time()},
                         {"state", schema::one_of({"ok", "due", "expired"})},
                         {"last_error?", schema::string(1024)}});
}

Json authority_schema() {
  const Json root = schema::object(
      {{"subject", schema::string(1024)}, {"sha256", schema::string()}, {"not_after", schema::time()}});
  const Json intermediate =
      schema::object({{"subject", schema::string(1024)}, {"not_after", schema::time()}});
  return schema::object({{"root", root}, {"intermediate", intermediate}, {"root_url", schema::string()}});
}

Route root_route(const vault::Vault& vault, const char* path, bool as_der, const char* summary) {
  Route route{"GET", path, Access::open, "pki", summary};
  route.media_type = kRootType;
  route.handle = [&vault, as_der](const Context&) -> Result<http::Response> {
    const std::string pem = CELL_TRY(authority_of(vault)).root_pem;
    http::Response response =
        http::Response::text(as_der ? CELL_TRY(crypto::pem_to_der(pem)) : pem, kRootType);
    // A device that is told of a new root must not see the old one again.
    response.headers.emplace("Cache-Control", "no-cache");
    return response;
  };
  return route;
}

Route certificates_route(const vault::Vault& vault, const char* path, const char* tag, const char* summary) {
  Route route{"GET", path, Access::admin, tag, summary};
  route.response = schema::collection(certificate_schema());
  route.handle = [&vault](const Context&) -> Result<http::Response> { return list_certificates(vault); };
  return route;
}

}  // namespace

std::vector<Route> vault_routes(vault::Vault& vault) {
  Route authority{"GET", "/api/vault/ca", Access::admin, "vault", "Shows the cell's certificate authority"};
  authority.response = authority_schema();
  authority.handle = [&vault](const Context&) { return show_authority(vault); };
  return {authority,
          certificates_route(vault, "/api/vault/certificates", "vault",
                             "Lists the certificates that the cell issued"),
          root_route(vault, kRootUrl, false, "The root certificate (PEM)"),
          root_route(vault, "/pki/root.pem", false, "The root certificate (PEM)"),
          root_route(vault, "/pki/root.der", true, "The root certificate (DER)")};
}

std::vector<Route> proxy_routes(config::Store& config, vault::Vault& vault, const settings::Place& place) {
  Route routes{"GET", "/api/proxy/routes", Access::admin, "proxy", "Lists what the proxy serves"};
  routes.response = schema::collection(schema::object({{"hosts", schema::array(schema::string())},
                                                       {"upstream", schema::string(1024)},
                                                       {"source", schema::string()}}));
  routes.handle = [&config, &vault, place](const Context&) -> Result<http::Response> {
    Json items = Json::array();
    if (vault.files()) {
      for (const caddy::Route& route : proxy::routes_of(config.snapshot()->root, place)) {
        items.push_back({{"hosts", route.hosts}, {"upstream", route.upstream}, {"source", route.source}});
      }
    }
    return http::Response::json({{"items", std::move(items)}});
  };
  return {routes, certificates_route(vault, "/api/proxy/certificates", "proxy",
                                     "Lists the certificates that the proxy shows")};
}

}  // namespace cell::api
