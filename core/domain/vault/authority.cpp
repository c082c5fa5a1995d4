#include "domain/vault/authority.hpp"

#include "base/json.hpp"

namespace cell::vault {

namespace {

constexpr const char* kRoot = "vault/root";
constexpr const char* kIntermediate = "vault/intermediate";
constexpr std::chrono::hours kRootLife{24 * 3652};
constexpr std::chrono::hours kIntermediateLife{24 * 1826};

struct Sealed {
  crypto::CertifiedKey pair;
  std::string domain;
};

Secret text_of(const crypto::CertifiedKey& pair, const std::string& domain) {
  return Secret(dump_json(
      {{"domain", domain}, {"certificate", pair.certificate_pem}, {"key", pair.private_key_pem.reveal()}}));
}

Result<Sealed> read(const config::SealedStore& sealed, const char* name) {
  const Secret text = CELL_TRY(sealed.get(name));
  const Json json = CELL_TRY(parse_json(text.reveal()));
  return Sealed{{json_string(json, "certificate"), Secret(json_string(json, "key"))},
                json_string(json, "domain")};
}

std::string year_of(TimePoint now) { return format_time(now).substr(0, 4); }

Error root_in_the_way(const std::string& detail) {
  return Error{Code::conflict,
               "the cell's root certificate can't be used: " + detail,
               "restore config/api/sealed.json and sealing.key from a backup",
               {},
               "root_unusable"};
}

Result<crypto::CertifiedKey> make_root(config::SealedStore& sealed, const std::string& cell_name,
                                       const std::string& domain, TimePoint now) {
  if (!sealed.names("vault/").empty())
    return root_in_the_way("it is missing, but an intermediate of it is there");
  auto made = CELL_TRY(crypto::make_root(cell_name + " cell root " + year_of(now), {domain}, now, kRootLife));
  CELL_TRY(sealed.put(kRoot, text_of(made, domain)));
  return made;
}

Result<crypto::CertifiedKey> load_or_make_root(config::SealedStore& sealed, const std::string& cell_name,
                                               const std::string& domain, TimePoint now) {
  auto kept = read(sealed, kRoot);
  if (!kept && kept.error().code == Code::not_found) return make_root(sealed, cell_name, domain, now);
  if (!kept) return root_in_the_way(kept.error().message);
  if (kept->domain != domain)
    return root_in_the_way("it is for '" + kept->domain + "', the cell is '" + domain + "'");
  const auto sound = crypto::check_pair(kept->pair);
  if (!sound) return root_in_the_way(sound.error().message);
  return std::move(kept->pair);
}

Result<crypto::CertifiedKey> load_or_make_intermediate(config::SealedStore& sealed,
                                                       const std::string& cell_name,
                                                       const crypto::CertifiedKey& root, TimePoint now) {
  auto kept = read(sealed, kIntermediate);
  if (kept && crypto::check_pair(kept->pair) &&
      crypto::check_issued(kept->pair.certificate_pem, root.certificate_pem)) {
    const auto info = CELL_TRY(crypto::read_certificate(kept->pair.certificate_pem));
    if (!is_due(info, now)) return std::move(kept->pair);
  }
  auto made = CELL_TRY(crypto::make_intermediate(cell_name + " cell intermediate " + year_of(now), root, now,
                                                 kIntermediateLife));
  CELL_TRY(sealed.put(kIntermediate, text_of(made, {})));
  return made;
}

}  // namespace

bool is_due(const crypto::CertificateInfo& certificate, TimePoint now) {
  return now >= certificate.not_before + (certificate.not_after - certificate.not_before) * 2 / 3;
}

Result<Authority> load_or_make_authority(config::SealedStore& sealed, const std::string& cell_name,
                                         const std::string& domain, TimePoint now) {
  auto root = CELL_TRY(load_or_make_root(sealed, cell_name, domain, now));
  auto intermediate = CELL_TRY(load_or_make_intermediate(sealed, cell_name, root, now));
  return Authority{std::move(root), std::move(intermediate)};
}

}  // namespace cell::vault
