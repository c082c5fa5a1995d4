#include "domain/identity/doors.hpp"

#include <gtest/gtest.h>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "unit/support/cell_state.hpp"

namespace cell::identity {
namespace {

struct DoorsTest : testing::Test {
  test::CellState cell;
  Person ann = cell.add_person("Ann", true);
  Login login = cell.identity->log_in("Ann", cell.password_of("Ann"), {"192.0.2.1", "Test"}).value();
  Doors doors{*cell.identity, cell.clock};
  std::string nonce_hash = crypto::to_hex(crypto::sha256("nonce"));

  Secret ticket() { return doors.ticket(login.token, "notes.home.cell", nonce_hash).value(); }
};

TEST_F(DoorsTest, ATicketBecomesAKeyOfItsHostOnce) {
  const Secret text = ticket();

  const auto key = doors.enter(text.reveal(), "notes.home.cell", "nonce");

  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(doors.holder(key->reveal(), "notes.home.cell")->id, ann.id);
  EXPECT_FALSE(doors.holder(key->reveal(), "files.home.cell"));
  EXPECT_EQ(doors.enter(text.reveal(), "notes.home.cell", "nonce").error().reason, "door");
}

TEST_F(DoorsTest, ATicketIsForOneBrowserAndHostAndHalfAMinute) {
  EXPECT_FALSE(doors.enter(ticket().reveal(), "files.home.cell", "nonce"));
  EXPECT_FALSE(doors.enter(ticket().reveal(), "notes.home.cell", "other"));
  EXPECT_FALSE(doors.enter(ticket().reveal(), "notes.home.cell", ""));
  const Secret late = ticket();
  cell.clock.advance(std::chrono::seconds{30});
  EXPECT_FALSE(doors.enter(late.reveal(), "notes.home.cell", "nonce"));
}

TEST_F(DoorsTest, AKeyEndsWithTheSession) {
  const Secret key = doors.enter(ticket().reveal(), "notes.home.cell", "nonce").value();

  ASSERT_TRUE(cell.identity->sessions().revoke_all(ann.id));

  EXPECT_EQ(doors.holder(key.reveal(), "notes.home.cell").error().code, Code::unauthenticated);
}

TEST_F(DoorsTest, WithoutASessionThereIsNoTicket) {
  EXPECT_EQ(doors.ticket(Secret("nonsense"), "notes.home.cell", nonce_hash).error().code,
            Code::unauthenticated);
}

}  // namespace
}  // namespace cell::identity
