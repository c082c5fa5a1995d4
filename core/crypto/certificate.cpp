#include "crypto/certificate.hpp"

#include <algorithm>

#include <openssl/x509.h>

#include "crypto/certificate_parts.hpp"
#include "crypto/general_names.hpp"
#include "crypto/random.hpp"

namespace cell::crypto {

namespace {

// Clocks of devices are a little off: a certificate must hold on them the moment it is made.
constexpr std::chrono::hours kEarlier{1};
// ub-common-name of RFC 5280, appendix A.1.
constexpr std::size_t kMaxCommonName = 64;

Result<void> set_serial(X509* certificate) {
  std::string bytes = random_bytes(16);
  // Positive, and never short of a byte.
  bytes.front() = static_cast<char>((static_cast<unsigned char>(bytes.front()) & 0x7FU) | 0x40U);
  const std::unique_ptr<BIGNUM, FreeWith<BN_free>> number(
      BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
  if (!number || BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) == nullptr) {
    return openssl_error("cannot number a certificate");
  }
  return {};
}

Result<void> set_common_name(X509* certificate, std::string_view name) {
  if (name.size() > kMaxCommonName) return {};
  X509_NAME* subject = X509_get_subject_name(certificate);
  if (X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, bytes_of(name), static_cast<int>(name.size()),
                                 -1, 0) != 1) {
    openssl_error({});
    return Error{Code::invalid_argument, "the name of the certificate is not valid UTF-8"};
  }
  return {};
}

Result<void> set_validity(X509* certificate, TimePoint now, std::chrono::hours lifetime, X509* issuer) {
  TimePoint until = now + lifetime;
  // A certificate that outlives its issuer only looks valid.
  if (issuer != nullptr) until = std::min(until, time_of(X509_get0_notAfter(issuer)));
  if (until <= now)
    return Error{Code::invalid_argument, "the issuing certificate has run out", "renew it first"};
  if (ASN1_TIME_set(X509_getm_notBefore(certificate), to_unix(now - kEarlier)) == nullptr ||
      ASN1_TIME_set(X509_getm_notAfter(certificate), to_unix(until)) == nullptr) {
    return openssl_error("cannot set the validity of a certificate");
  }
  return {};
}

// A new certificate for `key`: everything but extensions and signature. A null issuer means self-signed.
Result<CertificatePtr> prepare(std::string_view common_name, EVP_PKEY* key, X509* issuer, TimePoint now,
                               std::chrono::hours lifetime) {
  CertificatePtr certificate(X509_new());
  if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      X509_set_pubkey(certificate.get(), key) != 1) {
    return openssl_error("cannot make a certificate");
  }
  CELL_TRY(set_serial(certificate.get()));
  CELL_TRY(set_common_name(certificate.get(), common_name));
  CELL_TRY(set_validity(certificate.get(), now, lifetime, issuer));
  if (X509_set_issuer_name(certificate.get(),
                           X509_get_subject_name(issuer == nullptr ? certificate.get() : issuer)) != 1) {
    return openssl_error("cannot name the issuer of a certificate");
  }
  return certificate;
}

// One extension in OpenSSL's text form; only for constants of this file, never for a caller's text.
Result<void> add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) {
    return openssl_error("cannot add an extension to a certificate");
  }
  return {};
}

Result<void> add_ca_extensions(X509* certificate, X509* issuer, const char* basic_constraints) {
  CELL_TRY(add_extension(certificate, issuer, NID_basic_constraints, basic_constraints));
  CELL_TRY(add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign"));
  CELL_TRY(add_extension(certificate, issuer, NID_subject_key_identifier, "hash"));
  return add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
}

Result<void> add_subtree(STACK_OF(GENERAL_SUBTREE) * list, Result<GeneralNamePtr> base) {
  if (!base) return std::move(base).error();
  std::unique_ptr<GENERAL_SUBTREE, FreeWith<GENERAL_SUBTREE_free>> subtree(GENERAL_SUBTREE_new());
  if (!subtree) return openssl_error("cannot make a name constraint");
  GENERAL_NAME_free(subtree->base);
  subtree->base = std::move(base).value().release();
  if (sk_GENERAL_SUBTREE_push(list, subtree.get()) == 0) {
    return openssl_error("cannot make a name constraint");
  }
  (void)subtree.release();
  return {};
}

Result<void> add_name_constraints(X509* certificate, const std::vector<std::string>& dns_names) {
  const std::unique_ptr<NAME_CONSTRAINTS, FreeWith<NAME_CONSTRAINTS_free>> constraints(
      NAME_CONSTRAINTS_new());
  if (!constraints) return openssl_error("cannot make a name constraint");
  constraints->permittedSubtrees = sk_GENERAL_SUBTREE_new_null();
  constraints->excludedSubtrees = sk_GENERAL_SUBTREE_new_null();
  for (const std::string& name : dns_names)
    CELL_TRY(add_subtree(constraints->permittedSubtrees, domain(name)));
  CELL_TRY(add_subtree(constraints->excludedSubtrees, every_ipv4_address()));
  CELL_TRY(add_subtree(constraints->excludedSubtrees, every_ipv6_address()));
  if (X509_add1_ext_i2d(certificate, NID_name_constraints, constraints.get(), 1, X509V3_ADD_DEFAULT) != 1) {
    return openssl_error("cannot add name constraints");
  }
  return {};
}

Result<void> add_server_names(X509* certificate, const std::vector<std::string>& names) {
  const std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>> list(GENERAL_NAMES_new());
  for (const std::string& name : names) {
    GeneralNamePtr entry = CELL_TRY(host_name(name));
    if (!list || sk_GENERAL_NAME_push(list.get(), entry.get()) == 0)
      return openssl_error("cannot name a certificate");
    (void)entry.release();
  }
  // Critical when there is no subject to go by (RFC 5280 §4.2.1.6).
  const int critical = X509_NAME_entry_count(X509_get_subject_name(certificate)) == 0 ? 1 : 0;
  if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), critical, X509V3_ADD_DEFAULT) != 1) {
    return openssl_error("cannot name a certificate");
  }
  return {};
}

Result<CertifiedKey> sign(X509* certificate, EVP_PKEY* own_key, EVP_PKEY* issuer_key) {
  if (X509_sign(certificate, issuer_key, EVP_sha256()) == 0)
    return openssl_error("cannot sign a certificate");
  return CertifiedKey{CELL_TRY(to_pem(certificate)), CELL_TRY(to_pem(own_key))};
}

Result<KeyPtr> new_key() {
  KeyPtr key(EVP_EC_gen("P-256"));
  if (!key) return openssl_error("cannot make a key");
  return key;
}

struct LoadedIssuer {
  CertificatePtr certificate;
  KeyPtr key;
};

Result<LoadedIssuer> load_issuer(const CertifiedKey& issuer) {
  LoadedIssuer loaded{CELL_TRY(certificate_from_pem(issuer.certificate_pem)),
                      CELL_TRY(private_key_from_pem(issuer.private_key_pem))};
  if (X509_check_private_key(loaded.certificate.get(), loaded.key.get()) != 1) {
    openssl_error({});
    return Error{Code::invalid_argument, "the issuer's key does not belong to its certificate"};
  }
  if (X509_check_ca(loaded.certificate.get()) != 1) {
    return Error{Code::invalid_argument, "the issuing certificate may not issue others"};
  }
  return loaded;
}

Result<void> check_ca_name(std::string_view common_name) {
  if (!common_name.empty() && common_name.size() <= kMaxCommonName) return {};
  return Error{Code::invalid_argument, "the name of an issuing certificate must have 1 to 64 bytes"};
}

}  // namespace

Result<CertifiedKey> make_root(std::string_view common_name, const std::vector<std::string>& permitted_dns,
                               TimePoint now, std::chrono::hours lifetime) {
  CELL_TRY(check_ca_name(common_name));
  // A kind of name that is not listed is not constrained at all: an empty list would be a root for
  // everything.
  if (permitted_dns.empty())
    return Error{Code::invalid_argument, "a root needs at least one permitted domain"};
  const KeyPtr key = CELL_TRY(new_key());
  const CertificatePtr root = CELL_TRY(prepare(common_name, key.get(), nullptr, now, lifetime));
  CELL_TRY(add_ca_extensions(root.get(), root.get(), "critical,CA:TRUE,pathlen:1"));
  CELL_TRY(add_name_constraints(root.get(), permitted_dns));
  return sign(root.get(), key.get(), key.get());
}

Result<CertifiedKey> make_intermediate(std::string_view common_name, const CertifiedKey& root, TimePoint now,
                                       std::chrono::hours lifetime) {
  CELL_TRY(check_ca_name(common_name));
  const LoadedIssuer issuer = CELL_TRY(load_issuer(root));
  const KeyPtr key = CELL_TRY(new_key());
  const CertificatePtr made =
      CELL_TRY(prepare(common_name, key.get(), issuer.certificate.get(), now, lifetime));
  CELL_TRY(add_ca_extensions(made.get(), issuer.certificate.get(), "critical,CA:TRUE,pathlen:0"));
  return sign(made.get(), key.get(), issuer.key.get());
}

Result<CertifiedKey> make_server_certificate(const std::vector<std::string>& names,
                                             const CertifiedKey& issuer, TimePoint now,
                                             std::chrono::hours lifetime) {
  if (names.empty()) return Error{Code::invalid_argument, "a server certificate needs at least one name"};
  const LoadedIssuer signer = CELL_TRY(load_issuer(issuer));
  const KeyPtr key = CELL_TRY(new_key());
  const CertificatePtr made =
      CELL_TRY(prepare(names.front(), key.get(), signer.certificate.get(), now, lifetime));
  CELL_TRY(add_extension(made.get(), signer.certificate.get(), NID_basic_constraints, "critical,CA:FALSE"));
  CELL_TRY(add_extension(made.get(), signer.certificate.get(), NID_key_usage, "critical,digitalSignature"));
  CELL_TRY(add_extension(made.get(), signer.certificate.get(), NID_ext_key_usage, "serverAuth"));
  CELL_TRY(add_extension(made.get(), signer.certificate.get(), NID_subject_key_identifier, "hash"));
  CELL_TRY(add_extension(made.get(), signer.certificate.get(), NID_authority_key_identifier, "keyid:always"));
  CELL_TRY(add_server_names(made.get(), names));
  return sign(made.get(), key.get(), signer.key.get());
}

}  // namespace cell::crypto
