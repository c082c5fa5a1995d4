#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cell::crypto {

// Hashes that other programs check: "bcrypt" ($2b$), "sha512-crypt" ($6$, crypt(3)) and "ssha512"
// ({SSHA512}, base64 of digest and salt). For passwords that were made from 128 random bits only, so the cost
// is the lowest that is allowed: a mail program sends its password with every connection.
// unsupported for another kind.
Result<std::string> hash_service_password(std::string_view kind, const Secret& password);
bool verify_service_password(const Secret& password, std::string_view hash);

}  // namespace cell::crypto
