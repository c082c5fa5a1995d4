#pragma once

#include <optional>
#include <vector>

#include "base/json.hpp"
#include "caddy/admin.hpp"
#include "domain/settings/place.hpp"
#include "reconcile/desired.hpp"

namespace cell::proxy {

// What the proxy serves: https://<domain> with the web UI. Empty before set-up. Pure.
std::vector<caddy::Route> routes_of(const Json& root, const settings::Place& place);

// Caddy's document. Without a certificate for the domain only plain HTTP is served: /pki/* and redirects.
// Pure.
reconcile::CaddyDocument caddy_document(const Json& root, const settings::Place& place,
                                        const std::optional<caddy::CertificateFiles>& certificate);

}  // namespace cell::proxy
