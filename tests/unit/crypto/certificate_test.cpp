#include "crypto/certificate.hpp"

#include <gmock/gmock.h>

#include "base/atomic_file.hpp"
#include "base/process.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::crypto {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

const TimePoint kNow = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());

// A root for home.cell with an intermediate. What is valid, `openssl verify` says, not our code.
struct Fixture : testing::Test {
  test::TemporaryDirectory directory;
  CertifiedKey root = *make_root("Home root", {"home.cell", "cell"}, kNow, hours{87600});
  CertifiedKey intermediate = *make_intermediate("Home intermediate", root, kNow, hours{8760});

  std::string file(const std::string& name, std::string_view content) {
    EXPECT_TRUE(write_file_atomic(directory.path() / name, content));
    return (directory.path() / name).string();
  }
  std::string verify(const std::string& leaf, const std::string& chain) {
    const auto output =
        run_process({"openssl", "verify", "-x509_strict", "-CAfile", file("root.pem", root.certificate_pem),
                     "-untrusted", file("chain.pem", chain), file("leaf.pem", leaf)},
                    milliseconds{10000});
    return output ? output->out + output->err : output.error().message;
  }
};

using Certificate = Fixture;

TEST_F(Certificate, ChainOfAServerIsValid) {
  const auto leaf = make_server_certificate({"nas.home.cell", "*.apps.home.cell", "other.cell"}, intermediate,
                                            kNow, hours{720});

  ASSERT_TRUE(leaf) << leaf.error().message;
  EXPECT_THAT(verify(leaf->certificate_pem, intermediate.certificate_pem),
              testing::HasSubstr("leaf.pem: OK"));
}

TEST_F(Certificate, NamesOutsideTheRootsDomainsAreNotTrusted) {
  for (const char* name : {"bank.example", "homexcell", "1.1.1.1"}) {
    const CertifiedKey leaf = *make_server_certificate({name}, intermediate, kNow, hours{720});

    EXPECT_THAT(verify(leaf.certificate_pem, intermediate.certificate_pem),
                testing::HasSubstr("permitted subtree violation"))
        << name;
  }
}

TEST_F(Certificate, AnIntermediateMayNotIssueAnother) {
  const CertifiedKey third = *make_intermediate("third", intermediate, kNow, hours{720});
  const CertifiedKey leaf = *make_server_certificate({"nas.home.cell"}, third, kNow, hours{700});

  EXPECT_THAT(verify(leaf.certificate_pem, third.certificate_pem + intermediate.certificate_pem),
              testing::HasSubstr("path length constraint exceeded"));
}

TEST_F(Certificate, RootHasItsExtensions) {
  const std::string text =
      *run_checked({"openssl", "x509", "-noout", "-text"}, milliseconds{10000}, root.certificate_pem);

  for (const char* part :
       {"X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:1",
        "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign",
        "X509v3 Name Constraints: critical\n                Permitted:\n                  DNS:home.cell",
        "Excluded:\n                  IP:0.0.0.0/0.0.0.0", "X509v3 Subject Key Identifier",
        "X509v3 Authority Key Identifier", "ASN1 OID: prime256v1", "ecdsa-with-SHA256"}) {
    EXPECT_THAT(text, testing::HasSubstr(part));
  }
}

TEST_F(Certificate, IsReadBack) {
  const CertifiedKey leaf =
      *make_server_certificate({"nas.home.cell", "www.home.cell"}, intermediate, kNow, hours{720});

  const auto info = read_certificate(leaf.certificate_pem);

  ASSERT_TRUE(info);
  EXPECT_EQ(info->subject, "CN=nas.home.cell");
  EXPECT_EQ(info->issuer, "CN=Home intermediate");
  EXPECT_EQ(info->serial.size(), 32U);
  EXPECT_EQ(info->serial.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(info->not_before, kNow - hours{1});
  EXPECT_EQ(info->not_after, kNow + hours{720});
  EXPECT_THAT(info->dns_names, testing::ElementsAre("nas.home.cell", "www.home.cell"));
  EXPECT_FALSE(info->is_ca);
  EXPECT_TRUE(read_certificate(root.certificate_pem)->is_ca);
}

TEST_F(Certificate, FingerprintIsTheOneOpensslPrints) {
  const std::string printed = *run_checked({"openssl", "x509", "-noout", "-fingerprint", "-sha256"},
                                           milliseconds{10000}, root.certificate_pem);

  EXPECT_THAT(printed, testing::HasSubstr("=" + read_certificate(root.certificate_pem)->sha256 + "\n"));
}

TEST_F(Certificate, DoesNotOutliveItsIssuer) {
  const CertifiedKey leaf = *make_server_certificate({"nas.home.cell"}, intermediate, kNow, hours{100000});

  EXPECT_EQ(read_certificate(leaf.certificate_pem)->not_after, kNow + hours{8760});
}

TEST_F(Certificate, SerialsDiffer) {
  EXPECT_NE(read_certificate(root.certificate_pem)->serial,
            read_certificate(intermediate.certificate_pem)->serial);
}

TEST_F(Certificate, NamesThatAreNoNamesAreRefused) {
  for (const char* name :
       {"", "a b", "nas,DNS:evil", "nas\nx", "-a.cell", "a..b", "*.*.cell", "nas.cell.", "ä.cell"}) {
    EXPECT_FALSE(make_server_certificate({name}, intermediate, kNow, hours{1})) << name;
  }
  EXPECT_FALSE(make_server_certificate({}, intermediate, kNow, hours{1}));
  EXPECT_FALSE(make_root("x", {}, kNow, hours{1}));
  EXPECT_FALSE(make_root("", {"home.cell"}, kNow, hours{1}));
}

TEST_F(Certificate, AServerCannotIssue) {
  const CertifiedKey leaf = *make_server_certificate({"nas.home.cell"}, intermediate, kNow, hours{720});

  EXPECT_FALSE(make_server_certificate({"x.home.cell"}, leaf, kNow, hours{1}));
}

TEST_F(Certificate, AKeyOfAnotherCertificateIsRefused) {
  const CertifiedKey mixed{root.certificate_pem, intermediate.private_key_pem};

  EXPECT_FALSE(make_intermediate("x", mixed, kNow, hours{1}));
}

TEST_F(Certificate, ARootThatRanOutIssuesNothing) {
  EXPECT_FALSE(make_intermediate("x", root, kNow + hours{87601}, hours{1}));
}

TEST_F(Certificate, ALongNameStandsOnlyAmongTheAlternatives) {
  const std::string name = std::string(60, 'a') + "." + std::string(60, 'b') + ".home.cell";

  const CertifiedKey leaf = *make_server_certificate({name}, intermediate, kNow, hours{720});

  EXPECT_THAT(verify(leaf.certificate_pem, intermediate.certificate_pem), testing::HasSubstr("leaf.pem: OK"));
  EXPECT_THAT(read_certificate(leaf.certificate_pem)->dns_names, testing::ElementsAre(name));
}

TEST_F(Certificate, APairBelongsTogether) {
  const CertifiedKey leaf = *make_server_certificate({"nas.home.cell"}, intermediate, kNow, hours{720});

  EXPECT_TRUE(check_pair(leaf));
  EXPECT_TRUE(check_pair({leaf.certificate_pem + intermediate.certificate_pem, leaf.private_key_pem}));
  EXPECT_FALSE(check_pair({leaf.certificate_pem, root.private_key_pem}));
  EXPECT_FALSE(check_pair({leaf.certificate_pem, Secret("nothing")}));
  EXPECT_FALSE(check_pair({"", leaf.private_key_pem}));
}

TEST_F(Certificate, IsIssuedByItsIssuerOnly) {
  const CertifiedKey leaf = *make_server_certificate({"nas.home.cell"}, intermediate, kNow, hours{720});
  const CertifiedKey namesake = *make_intermediate("Home intermediate", root, kNow, hours{8760});

  EXPECT_TRUE(check_issued(leaf.certificate_pem, intermediate.certificate_pem));
  EXPECT_TRUE(check_issued(root.certificate_pem, root.certificate_pem));
  EXPECT_FALSE(check_issued(leaf.certificate_pem, root.certificate_pem));
  EXPECT_FALSE(check_issued(leaf.certificate_pem, namesake.certificate_pem));
  EXPECT_FALSE(check_issued(leaf.certificate_pem, "nothing"));
}

TEST(ReadCertificate, RefusesWhatIsNone) {
  EXPECT_FALSE(read_certificate(""));
  EXPECT_FALSE(read_certificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
  EXPECT_FALSE(pem_to_der("nothing"));
}

}  // namespace
}  // namespace cell::crypto
