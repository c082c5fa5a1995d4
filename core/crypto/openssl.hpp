#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "base/result.hpp"

// Inside core/crypto only: owners for OpenSSL's handles and the way from its error queue to our Error.
namespace cell::crypto {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<EVP_CIPHER_CTX_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, FreeWith<X509_free>>;

// An `internal` error with the newest reason from OpenSSL's queue, which is emptied.
Error openssl_error(std::string_view doing);

// For calls that cannot fail with correct arguments and memory to hand: ends the process if they do, because
// going on without the answer would be worse (an empty digest compares equal to another).
void require(bool worked, const char* doing) noexcept;

inline const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace cell::crypto
