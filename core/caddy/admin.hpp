#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace cell::caddy {

// Whom a request is shown to before it may go on.
struct Guard {
  std::string upstream;       // "unix//…/celld.sock"
  std::string check;          // asked with GET: 2xx lets the request through, anything else is the answer
  std::string accept;         // path that the guard itself answers: where the browser comes back to
  std::string person_header;  // of the check's answer; goes on with the request, a client's own never does
};

// One place that Caddy serves.
struct Route {
  std::vector<std::string> hosts;  // "home.cell"
  std::string upstream;            // "unix//…/celld.sock" or "172.20.0.12:5232"
  bool internal_tls = true;
  std::string source;     // unique; for the @id
  std::string path = {};  // prefix, "/dav"; empty: everything
  bool strip_prefix = false;
  std::string redirect = {};        // instead of the upstream: 301 to this path
  std::string redirect_label = {};  // … below the host that was asked for: "calendar" of "home.cell"
  std::int64_t max_body_bytes = 0;  // 0: no limit
  std::map<std::string, std::string> request_headers = {};  // set; "{person}" is who the guard let through
  std::optional<Guard> guard = {};
};

// A certificate that celld's vault issued, as files that are readable in the container. Caddy is never given
// a key that signs: its pki module would want the root's.
struct CertificateFiles {
  std::string certificate_file;  // PEM, with the intermediate behind it
  std::string key_file;
  std::string tag;  // serial or fingerprint: a renewed certificate in the same file is a new document
};

// Everything Caddy's document is derived from.
struct Settings {
  std::string admin_listen;                    // "unix//…/run/caddy-admin.sock"
  std::string storage_path;                    // data/caddy
  std::vector<Route> routes;                   // the first that matches answers
  std::vector<CertificateFiles> certificates;  // for the hosts with internal_tls
  std::string pki_upstream;                    // what serves /pki/* on plain HTTP; empty: nothing does
  std::string log_level;                       // "INFO"
  std::string log_file;                        // empty: stderr
  // Ports that are published on the host; redirects name the HTTPS one where the request came in by the HTTP
  // one.
  std::uint16_t http_port = 80;
  std::uint16_t https_port = 443;
};

// The whole JSON document (https://caddyserver.com/docs/json/). HTTP on :80 redirects to HTTPS except /pki/*.
Json render(const Settings& settings);

// Caddy's admin API on its unix socket. Thread: any.
class Admin {
 public:
  virtual ~Admin() = default;
  // Answers only after the admin endpoint was seen to answer again. invalid_argument with Caddy's reason when
  // it refuses: the running document stays.
  virtual Result<void> load(const Json& document) = 0;
  virtual Result<Json> current() = 0;  // null before any was loaded
};
std::unique_ptr<Admin> connect(const std::filesystem::path& socket);

}  // namespace cell::caddy
