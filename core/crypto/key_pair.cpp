#include "crypto/key_pair.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "crypto/openssl.hpp"

namespace cell::crypto {

namespace {

Result<KeyPtr> generate(std::string_view kind) {
  KeyPtr key;
  if (kind == "rsa-2048")
    key.reset(EVP_RSA_gen(2048));
  else if (kind == "ed25519")
    key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  else
    return Error{Code::unsupported, "there is no kind of key '" + std::string(kind) + "'"};
  if (!key) return openssl_error("cannot make a key");
  return key;
}

}  // namespace

Result<KeyPair> make_key_pair(std::string_view kind) {
  const KeyPtr key = CELL_TRY(generate(kind));
  const BioPtr memory(BIO_new(BIO_s_mem()));
  require(memory != nullptr, "make a buffer");
  if (PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return openssl_error("cannot write a key");
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  KeyPair pair{Secret(std::string(data, static_cast<std::size_t>(size))), {}};
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(key.get(), &der);
  if (length <= 0) return openssl_error("cannot write a public key");
  pair.public_der.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return pair;
}

}  // namespace cell::crypto
