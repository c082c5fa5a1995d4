#include "http/socket.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/atomic_file.hpp"
#include "unit/http/client.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::http {
namespace {

using testing::HasSubstr;

struct UnixSocket : testing::Test {
  cell::test::TemporaryDirectory directory;
  std::string path = (directory.path() / "celld.sock").string();
};

TEST_F(UnixSocket, HasTheModeAskedFor) {
  const auto listening = listen_on("unix:" + path, 0600);
  ASSERT_TRUE(listening);

  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(UnixSocket, ReplacesAFileThatNobodyAnswersOn) {
  { const auto left_behind = listen_on("unix:" + path, 0600); }

  EXPECT_TRUE(listen_on("unix:" + path, 0600));
}

TEST_F(UnixSocket, LeavesASocketThatIsInUse) {
  const auto first = listen_on("unix:" + path, 0600);

  const auto second = listen_on("unix:" + path, 0600);

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::unavailable);
  EXPECT_NO_THROW(test::RawClient{path});
}

TEST_F(UnixSocket, NeverRemovesAnOrdinaryFile) {
  ASSERT_TRUE(write_file_atomic(path, "precious"));

  EXPECT_FALSE(listen_on("unix:" + path, 0600));
  EXPECT_EQ(read_file(path).value(), "precious");
}

TEST_F(UnixSocket, RefusesAPathThatDoesNotFit) {
  const auto listening = listen_on("unix:/" + std::string(200, 'a'), 0600);

  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().code, Code::invalid_argument);
}

TEST(TcpSocket, ListensOnEveryKindOfAddress) {
  for (const char* address : {"127.0.0.1:0", "0.0.0.0:0", "[::]:0", "[::1]:0"}) {
    const auto listening = listen_on(address, 0);
    ASSERT_TRUE(listening) << address;
    EXPECT_THAT(listening->address, testing::Not(testing::EndsWith(":0"))) << address;
  }
}

TEST(TcpSocket, SaysWhatIsNoAddress) {
  const auto listening = listen_on("somewhere", 0);

  ASSERT_FALSE(listening);
  EXPECT_THAT(listening.error().message, HasSubstr("'somewhere' is not an address to listen on"));
}

TEST(TcpSocket, SaysWhereAClientComesFrom) {
  for (const auto& [address, remote, source] :
       {std::tuple{"127.0.0.1:0", "127.0.0.1", std::string("127.0.0.1")},
        std::tuple{"[::1]:0", "::1", std::string(8, '\0')}}) {
    const auto listening = listen_on(address, 0);
    ASSERT_TRUE(listening);
    const test::RawClient client(listening->address);
    int error_number = 0;
    auto accepted = accept_from(listening->socket.get(), false, error_number);
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->remote_address, remote);
    EXPECT_EQ(accepted->source, source);
    EXPECT_TRUE(accepted->loopback);
  }
}

}  // namespace
}  // namespace cell::http
