#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "caddy/admin.hpp"
#include "config/sealed.hpp"
#include "crypto/certificate.hpp"

namespace cell::vault {

// What everybody may know of the cell's certificate authority.
struct AuthorityInfo {
  crypto::CertificateInfo root;
  crypto::CertificateInfo intermediate;
  std::string root_pem;
};

// The certificate that the proxy shows for the cell's domain.
struct ServerInfo {
  std::vector<std::string> names;
  std::string issuer;
  TimePoint not_before{};
  TimePoint not_after{};
  std::string state;       // "ok", "due" (its renewal failed), "expired"
  std::string last_error;  // of the last renewal; empty: none
};

// The cell's certificate authority and the one server certificate that it issues: for the domain and all
// names of one label below it, 90 days, with a new key each time. Keys that sign never leave the sealed
// store. Thread: any.
class Vault {
 public:
  struct Parts {
    config::SealedStore& sealed;
    const Clock& clock;
    std::filesystem::path directory;  // of the certificate and key files, readable in the proxy's container
  };
  explicit Vault(Parts parts) : parts_(std::move(parts)) {}

  // To be called at start, when the cell is set up, and every hour. `root` is the configuration; before
  // set-up nothing is done. Makes what is missing, damaged or at two thirds of its life. True: the files
  // changed, the proxy has to load them. What is there keeps being used when this fails.
  Result<bool> renew_if_due(const Json& root);

  [[nodiscard]] std::optional<AuthorityInfo> authority()
      const;  // nothing before the first renew_if_due that worked
  [[nodiscard]] std::optional<ServerInfo> server() const;
  [[nodiscard]] std::optional<caddy::CertificateFiles> files() const;
  [[nodiscard]] std::string last_error() const;

  // A certificate for `names` below the domain, for a service that speaks TLS itself: key and certificate,
  // with the intermediate behind it. Kept by the caller.
  Result<crypto::CertifiedKey> issue_for(const Json& root, const std::vector<std::string>& names);
  // Two thirds of its life are over, or it can't be read.
  [[nodiscard]] bool is_due(const std::string& certificate_pem) const;

 private:
  struct Present {
    std::string certificate_pem;
    crypto::CertificateInfo info;
  };
  Result<bool> renew(const std::string& cell_name, const std::string& domain);
  [[nodiscard]] std::optional<Present> read_files() const;
  Result<crypto::CertificateInfo> issue(const crypto::CertifiedKey& issuer,
                                        const std::vector<std::string>& names);

  Parts parts_;
  std::mutex renewing_;       // one renewal at a time
  mutable std::mutex mutex_;  // of what follows
  std::optional<AuthorityInfo> authority_;
  std::optional<crypto::CertificateInfo> server_;
  std::string last_error_;
};

}  // namespace cell::vault
