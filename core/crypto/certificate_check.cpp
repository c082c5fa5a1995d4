#include <openssl/x509.h>

#include "crypto/certificate.hpp"
#include "crypto/certificate_parts.hpp"

namespace cell::crypto {

Result<void> check_pair(const CertifiedKey& pair) {
  const CertificatePtr certificate = CELL_TRY(certificate_from_pem(pair.certificate_pem));
  const KeyPtr key = CELL_TRY(private_key_from_pem(pair.private_key_pem));
  if (X509_check_private_key(certificate.get(), key.get()) == 1) return {};
  openssl_error({});
  return Error{Code::invalid_argument, "the key does not belong to the certificate"};
}

Result<void> check_issued(std::string_view pem, std::string_view issuer_pem) {
  const CertificatePtr certificate = CELL_TRY(certificate_from_pem(pem));
  const CertificatePtr issuer = CELL_TRY(certificate_from_pem(issuer_pem));
  if (X509_verify(certificate.get(), X509_get0_pubkey(issuer.get())) == 1) return {};
  openssl_error({});
  return Error{Code::invalid_argument, "the certificate is not signed by its issuer"};
}

}  // namespace cell::crypto
