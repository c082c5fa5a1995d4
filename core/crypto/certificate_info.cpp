#include <array>
#include <cstdio>

#include <openssl/x509.h>

#include "crypto/certificate.hpp"
#include "crypto/certificate_parts.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace cell::crypto {

namespace {

Result<std::string> to_der(X509* certificate) {
  unsigned char* buffer = nullptr;
  const int size = i2d_X509(certificate, &buffer);
  if (size < 0) return openssl_error("cannot encode a certificate");
  std::string der(reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(size));
  OPENSSL_free(buffer);
  return der;
}

std::string text_of(const X509_NAME* name) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  // UTF-8 as it is, everything else escaped as in RFC 2253 but in the order of the certificate.
  constexpr unsigned long kFlags = (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) & ~XN_FLAG_DN_REV;
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, kFlags) < 0) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string serial_of(X509* certificate) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
  return to_hex({reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
                 static_cast<std::size_t>(ASN1_STRING_length(serial))});
}

std::string fingerprint_of(std::string_view der) {
  std::string text;
  for (const char c : sha256(der)) {
    std::array<char, 4> byte{};
    std::snprintf(byte.data(), byte.size(), "%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += (text.empty() ? "" : ":") + std::string(byte.data());
  }
  return text;
}

std::vector<std::string> dns_names_of(X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> found;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    found.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                       static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  return found;
}

}  // namespace

Result<CertificateInfo> read_certificate(std::string_view pem) {
  const CertificatePtr certificate = CELL_TRY(certificate_from_pem(pem));
  const std::string der = CELL_TRY(to_der(certificate.get()));
  return CertificateInfo{.subject = text_of(X509_get_subject_name(certificate.get())),
                         .issuer = text_of(X509_get_issuer_name(certificate.get())),
                         .serial = serial_of(certificate.get()),
                         .sha256 = fingerprint_of(der),
                         .not_before = time_of(X509_get0_notBefore(certificate.get())),
                         .not_after = time_of(X509_get0_notAfter(certificate.get())),
                         .dns_names = dns_names_of(certificate.get()),
                         .is_ca = X509_check_ca(certificate.get()) == 1};
}

Result<std::string> pem_to_der(std::string_view pem) {
  const CertificatePtr certificate = CELL_TRY(certificate_from_pem(pem));
  return to_der(certificate.get());
}

}  // namespace cell::crypto
