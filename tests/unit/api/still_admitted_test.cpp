#include <gtest/gtest.h>

#include "unit/api/fixture.hpp"

// Who may keep a stream that was opened once.
namespace cell::api::test {
namespace {

struct StillAdmittedTest : testing::Test {
  ApiState cell;
  identity::Person ann = cell.add_person("Ann", true);
  identity::Person bob = cell.add_person("Bob", true);

  Principal principal(const identity::Caller& caller) {
    Principal made;
    made.user_id = caller.person.id;
    made.is_admin = caller.person.is_admin;
    if (caller.session) made.session_id = caller.session->id;
    if (caller.token) made.token_id = caller.token->id;
    return made;
  }
  Principal by_session(const std::string& name) {
    return principal(cell.identity->by_session(cell.ticket(name).cookie).value());
  }
  Principal by_token(std::optional<TimePoint> expires_at = {}) {
    identity::NewToken wanted{"t", {"people:read"}, false};
    wanted.expires_at = expires_at;
    const auto issued = cell.identity->tokens().create(bob.id, wanted, {"people"}).value();
    return principal(cell.identity->by_token(issued.text.reveal(), "192.0.2.1").value());
  }
  bool is_still(const Principal& who) { return is_still_admitted(*cell.identity, who); }
};

TEST_F(StillAdmittedTest, SessionsEndWithTheirLogout) {
  const Principal session = by_session("Bob");
  EXPECT_TRUE(is_still(session));

  ASSERT_TRUE(cell.identity->sessions().revoke(bob.id, session.session_id));

  EXPECT_FALSE(is_still(session));
}

TEST_F(StillAdmittedTest, TokensEndWhenTheyAreRevokedOrExpire) {
  const Principal revoked = by_token();
  const Principal expiring = by_token(cell.clock.now() + std::chrono::hours{1});
  EXPECT_TRUE(is_still(revoked));
  EXPECT_TRUE(is_still(expiring));

  ASSERT_TRUE(cell.identity->tokens().revoke(bob.id, revoked.token_id));
  EXPECT_FALSE(is_still(revoked));
  EXPECT_TRUE(is_still(expiring));

  cell.clock.advance(std::chrono::hours{1});
  EXPECT_FALSE(is_still(expiring));
}

TEST_F(StillAdmittedTest, AnAdministratorWhoIsNoneAnyMoreIsNotThatOneAnyMore) {
  const Principal session = by_session("Bob");
  const Principal token = by_token();

  ASSERT_TRUE(cell.identity->change_person(bob.id, {{}, false, {}}, {}, session.session_id));

  EXPECT_FALSE(is_still(session));
  EXPECT_FALSE(is_still(token));
}

TEST_F(StillAdmittedTest, RemovedPeopleAreNot) {
  const Principal token = by_token();

  ASSERT_TRUE(cell.identity->remove_person(bob.id, {}));

  EXPECT_FALSE(is_still(token));
}

}  // namespace
}  // namespace cell::api::test
