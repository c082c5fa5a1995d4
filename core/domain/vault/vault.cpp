#include "domain/vault/vault.hpp"

#include "base/atomic_file.hpp"
#include "domain/settings/document.hpp"
#include "domain/vault/authority.hpp"

namespace cell::vault {

namespace {

constexpr std::chrono::hours kServerLife{24 * 90};
constexpr const char* kCertificateFile = "server.pem";
constexpr const char* kKeyFile = "server.key";
constexpr std::size_t kMaxFile = 65'536;

Result<AuthorityInfo> info_of(const Authority& authority) {
  return AuthorityInfo{CELL_TRY(crypto::read_certificate(authority.root.certificate_pem)),
                       CELL_TRY(crypto::read_certificate(authority.intermediate.certificate_pem)),
                       authority.root.certificate_pem};
}

}  // namespace

// A certificate whose key is there too; anything else counts as missing.
std::optional<Vault::Present> Vault::read_files() const {
  auto certificate = read_file(parts_.directory / kCertificateFile, kMaxFile);
  auto key = read_file(parts_.directory / kKeyFile, kMaxFile);
  if (!certificate || !key) return std::nullopt;
  const crypto::CertifiedKey pair{std::move(*certificate), Secret(std::move(*key))};
  const auto info = crypto::read_certificate(pair.certificate_pem);
  if (!info || !crypto::check_pair(pair)) return std::nullopt;
  return Present{pair.certificate_pem, *info};
}

Result<crypto::CertificateInfo> Vault::issue(const crypto::CertifiedKey& issuer,
                                             const std::vector<std::string>& names) {
  const auto pair = CELL_TRY(crypto::make_server_certificate(names, issuer, parts_.clock.now(), kServerLife));
  CELL_TRY(ensure_directory(parts_.directory));
  const auto key_before = read_file(parts_.directory / kKeyFile, kMaxFile);
  // The key first: whoever sees the new certificate finds the key that belongs to it.
  CELL_TRY(write_file_atomic(parts_.directory / kKeyFile, pair.private_key_pem.reveal(), 0600));
  const auto written = write_file_atomic(parts_.directory / kCertificateFile,
                                         pair.certificate_pem + issuer.certificate_pem, 0644);
  if (!written) {
    // Or the certificate that is there could not be served any more once the proxy starts anew.
    if (key_before) CELL_TRY(write_file_atomic(parts_.directory / kKeyFile, *key_before, 0600));
    return written.error();
  }
  return crypto::read_certificate(pair.certificate_pem);
}

Result<bool> Vault::renew(const std::string& cell_name, const std::string& domain) {
  const auto present = read_files();
  {
    const std::lock_guard lock(mutex_);
    server_ = present ? std::optional(present->info) : std::nullopt;
  }
  const Authority authority =
      CELL_TRY(load_or_make_authority(parts_.sealed, cell_name, domain, parts_.clock.now()));
  AuthorityInfo info = CELL_TRY(info_of(authority));
  const std::vector<std::string> names{domain, "*." + domain};
  const bool is_good = present && present->info.dns_names == names &&
                       !vault::is_due(present->info, parts_.clock.now()) &&
                       crypto::check_issued(present->certificate_pem, authority.intermediate.certificate_pem);
  {
    const std::lock_guard lock(mutex_);
    authority_ = std::move(info);
  }
  if (is_good) return false;
  auto issued = CELL_TRY_DOING(issue(authority.intermediate, names),
                               "cannot renew the certificate of '" + domain + "'");
  const std::lock_guard lock(mutex_);
  server_ = std::move(issued);
  return true;
}

Result<bool> Vault::renew_if_due(const Json& root) {
  const settings::Identity identity = settings::identity_of(root);
  if (!identity.setup_complete || identity.domain_name.empty()) return false;
  const std::lock_guard one_at_a_time(renewing_);
  auto renewed = renew(identity.cell_name, identity.domain_name);
  const std::lock_guard lock(mutex_);
  last_error_ = renewed ? std::string() : renewed.error().message;
  return renewed;
}

std::optional<AuthorityInfo> Vault::authority() const {
  const std::lock_guard lock(mutex_);
  return authority_;
}

std::optional<ServerInfo> Vault::server() const {
  const TimePoint now = parts_.clock.now();
  const std::lock_guard lock(mutex_);
  if (!server_) return std::nullopt;
  const char* state = now >= server_->not_after ? "expired" : vault::is_due(*server_, now) ? "due" : "ok";
  return ServerInfo{server_->dns_names, server_->issuer, server_->not_before,
                    server_->not_after, state,           last_error_};
}

std::optional<caddy::CertificateFiles> Vault::files() const {
  const std::lock_guard lock(mutex_);
  if (!server_) return std::nullopt;
  return caddy::CertificateFiles{(parts_.directory / kCertificateFile).string(),
                                 (parts_.directory / kKeyFile).string(), server_->serial};
}

Result<crypto::CertifiedKey> Vault::issue_for(const Json& root, const std::vector<std::string>& names) {
  const settings::Identity identity = settings::identity_of(root);
  if (!identity.setup_complete)
    return Error{Code::unavailable, "the cell has no authority yet", "complete the set-up"};
  const std::lock_guard one_at_a_time(renewing_);
  const Authority authority = CELL_TRY(
      load_or_make_authority(parts_.sealed, identity.cell_name, identity.domain_name, parts_.clock.now()));
  auto pair = CELL_TRY(
      crypto::make_server_certificate(names, authority.intermediate, parts_.clock.now(), kServerLife));
  pair.certificate_pem += authority.intermediate.certificate_pem;
  return pair;
}

bool Vault::is_due(const std::string& certificate_pem) const {
  const auto info = crypto::read_certificate(certificate_pem);
  return !info || vault::is_due(*info, parts_.clock.now());
}

std::string Vault::last_error() const {
  const std::lock_guard lock(mutex_);
  return last_error_;
}

}  // namespace cell::vault
