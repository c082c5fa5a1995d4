#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace cell::crypto {

struct CertifiedKey {
  std::string certificate_pem;
  Secret private_key_pem;  // PKCS#8, unencrypted
};

struct CertificateInfo {
  std::string subject;  // "CN=Home root,O=…"
  std::string issuer;
  std::string serial;  // hex
  std::string sha256;  // fingerprint, hex with colons
  TimePoint not_before{};
  TimePoint not_after{};
  std::vector<std::string> dns_names;
  bool is_ca = false;
};

// A self-signed ECDSA P-256 root, name-constrained (RFC 5280 §4.2.1.10, critical) to `permitted_dns` and
// their sub-domains, all IP addresses excluded; pathlen 1; valid from one hour before `now`.
Result<CertifiedKey> make_root(std::string_view common_name, const std::vector<std::string>& permitted_dns,
                               TimePoint now, std::chrono::hours lifetime);
// An intermediate signed by `root`, pathlen 0. None of these outlives its issuer.
Result<CertifiedKey> make_intermediate(std::string_view common_name, const CertifiedKey& root, TimePoint now,
                                       std::chrono::hours lifetime);
// A server certificate for the DNS `names`, signed by `issuer`.
Result<CertifiedKey> make_server_certificate(const std::vector<std::string>& names,
                                             const CertifiedKey& issuer, TimePoint now,
                                             std::chrono::hours lifetime);
// Of a text with several certificates the first counts, here and below.
Result<void> check_pair(const CertifiedKey& pair);  // the key belongs to the certificate
Result<void> check_issued(std::string_view pem,
                          std::string_view issuer_pem);  // the issuer's key signed it; whatever the time
Result<CertificateInfo> read_certificate(std::string_view pem);
Result<std::string> pem_to_der(std::string_view pem);

}  // namespace cell::crypto
