#include "hubd/ruleset_socket.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "netfilter/element_batch.hpp"

namespace cell::hubd {
namespace {

constexpr timeval kAnswerLimit{2, 0};
using Buffer = std::array<char, 32 * 1024>;

struct GenerationRequest {
  nlmsghdr head{};
  nfgenmsg message{};
};

// The attribute NFTA_GEN_ID of an NFT_MSG_NEWGEN message.
std::optional<std::uint32_t> generation_of(const char* bytes, std::size_t size) {
  std::size_t at = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(nfgenmsg));
  while (at + sizeof(nlattr) <= size) {
    nlattr attribute{};
    std::memcpy(&attribute, bytes + at, sizeof(attribute));
    if (attribute.nla_len < NLA_HDRLEN) break;
    if (attribute.nla_type == NFTA_GEN_ID && at + NLA_HDRLEN + sizeof(std::uint32_t) <= size) {
      std::uint32_t generation = 0;
      std::memcpy(&generation, bytes + at + NLA_HDRLEN, sizeof(generation));
      return ntohl(generation);
    }
    at += NLA_ALIGN(attribute.nla_len);
  }
  return std::nullopt;
}

// Calls `use(head, bytes, size)` for each whole message.
template <class Use>
void each_message(const char* bytes, std::size_t size, Use use) {
  std::size_t at = 0;
  while (at + sizeof(nlmsghdr) <= size) {
    nlmsghdr head{};
    std::memcpy(&head, bytes + at, sizeof(head));
    if (head.nlmsg_len < sizeof(head) || at + head.nlmsg_len > size) return;
    use(head, bytes + at, head.nlmsg_len);
    at += NLMSG_ALIGN(head.nlmsg_len);
  }
}

int error_of(const char* bytes, std::size_t size) {
  int error = 0;
  if (size >= NLMSG_HDRLEN + sizeof(error)) std::memcpy(&error, bytes + NLMSG_HDRLEN, sizeof(error));
  return -error;
}

}  // namespace

Result<std::unique_ptr<RulesetSocket>> RulesetSocket::open() {
  const int descriptor = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (descriptor < 0) return from_errno(errno, "cannot open a netlink socket");
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &kAnswerLimit, sizeof(kAnswerLimit));
  return std::unique_ptr<RulesetSocket>(new RulesetSocket(descriptor));
}

RulesetSocket::~RulesetSocket() { ::close(descriptor_); }

// The kernel answers errors in the order of the messages, before the answer to the last one.
Result<void> RulesetSocket::change(const std::vector<netfilter::MemberChange>& changes) {
  const auto first = sequence_;
  const auto batch = netfilter::element_batch(changes, first);
  sequence_ = batch.last_sequence + 2;
  if (::send(descriptor_, batch.bytes.data(), batch.bytes.size(), 0) < 0) {
    return from_errno(errno, "cannot send the change to the firewall");
  }
  Buffer buffer{};
  int failure = 0;
  bool is_answered = false;
  while (!is_answered) {
    const auto size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return from_errno(errno, "the firewall gave no answer");
    each_message(buffer.data(), static_cast<std::size_t>(size),
                 [&](const nlmsghdr& head, const char* bytes, std::size_t length) {
                   // Late answers to an earlier batch are none of this one's.
                   if (head.nlmsg_type != NLMSG_ERROR || head.nlmsg_seq < first) return;
                   if (failure == 0) failure = error_of(bytes, length);
                   // A refused batch (the first message) gets no further answers.
                   is_answered =
                       is_answered || head.nlmsg_seq == batch.last_sequence || head.nlmsg_seq == first;
                 });
  }
  if (failure != 0) return from_errno(failure, "the firewall refused the change");
  return {};
}

Result<std::uint32_t> RulesetSocket::generation() {
  GenerationRequest request;
  request.head.nlmsg_len = sizeof(request);
  request.head.nlmsg_type = static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN);
  request.head.nlmsg_flags = NLM_F_REQUEST;
  request.head.nlmsg_seq = sequence_++;
  request.message.nfgen_family = AF_UNSPEC;
  request.message.version = NFNETLINK_V0;
  if (::send(descriptor_, &request, sizeof(request), 0) < 0)
    return from_errno(errno, "cannot ask the firewall");
  Buffer buffer{};
  std::optional<std::uint32_t> generation;
  int failure = 0;
  while (!generation && failure == 0) {
    const auto size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return from_errno(errno, "the firewall gave no answer");
    each_message(buffer.data(), static_cast<std::size_t>(size),
                 [&](const nlmsghdr& head, const char* bytes, std::size_t length) {
                   if (head.nlmsg_seq != request.head.nlmsg_seq) return;
                   if (head.nlmsg_type == NLMSG_ERROR) failure = error_of(bytes, length);
                   if (head.nlmsg_type != NLMSG_ERROR) generation = generation_of(bytes, length);
                 });
  }
  if (failure != 0) return from_errno(failure, "the firewall does not tell its generation");
  return *generation;
}

}  // namespace cell::hubd
