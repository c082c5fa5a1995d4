#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "crypto/certificate.hpp"
#include "crypto/openssl.hpp"

// Inside core/crypto only: what making and reading certificates share.
namespace cell::crypto {

Result<CertificatePtr> certificate_from_pem(std::string_view pem);
Result<KeyPtr> private_key_from_pem(const Secret& pem);
Result<std::string> to_pem(X509* certificate);
Result<Secret> to_pem(EVP_PKEY* key);
TimePoint time_of(const ASN1_TIME* time);

}  // namespace cell::crypto
