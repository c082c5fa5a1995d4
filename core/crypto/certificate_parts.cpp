#include "crypto/certificate_parts.hpp"

#include <ctime>

#include <openssl/pem.h>

namespace cell::crypto {

namespace {

BioPtr reader_of(std::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string content_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

// Without this OpenSSL asks for the passphrase of an encrypted key on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

Result<CertificatePtr> certificate_from_pem(std::string_view pem) {
  const BioPtr bio = reader_of(pem);
  CertificatePtr certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr) : nullptr);
  if (!certificate) {
    openssl_error({});
    return Error{Code::invalid_argument, "not a certificate in PEM",
                 "it begins with -----BEGIN CERTIFICATE-----"};
  }
  return certificate;
}

Result<KeyPtr> private_key_from_pem(const Secret& pem) {
  const BioPtr bio = reader_of(pem.reveal());
  KeyPtr key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr) : nullptr);
  if (!key) {
    openssl_error({});
    return Error{Code::invalid_argument, "not an unencrypted private key in PEM"};
  }
  return key;
}

Result<std::string> to_pem(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1)
    return openssl_error("cannot write a certificate");
  return content_of(bio.get());
}

Result<Secret> to_pem(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_secmem()));
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return openssl_error("cannot write a private key");
  }
  return Secret(content_of(bio.get()));
}

TimePoint time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return from_unix(::timegm(&parts));
}

}  // namespace cell::crypto
