#pragma once

#include <string>

#include "base/clock.hpp"
#include "config/sealed.hpp"
#include "crypto/certificate.hpp"

// Inside core/domain/vault: root and intermediate, whose keys are kept sealed as `vault/root` and
// `vault/intermediate`.
namespace cell::vault {

struct Authority {
  crypto::CertifiedKey root;
  crypto::CertifiedKey intermediate;
};

// Both, made where there are none yet: the root (10 years, only for `domain` and what is below it) once, the
// intermediate (5 years) again at two thirds of its life or when it is damaged. A root that can't be read, or
// that is for another domain, is an error and stays as it is: every device that trusts it would have to be
// told of a new one.
Result<Authority> load_or_make_authority(config::SealedStore& sealed, const std::string& cell_name,
                                         const std::string& domain, TimePoint now);

// Two thirds of its life are over.
bool is_due(const crypto::CertificateInfo& certificate, TimePoint now);

}  // namespace cell::vault
