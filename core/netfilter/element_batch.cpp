#include "netfilter/element_batch.hpp"

#include <array>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "netfilter/policy_chain.hpp"
#include "netfilter/policy_route.hpp"

namespace cell::netfilter {
namespace {

// Appends netlink messages to a buffer; lengths are filled in when a message or a nested attribute ends.
class Writer {
 public:
  explicit Writer(std::uint32_t sequence) : sequence_(sequence) {}

  void begin_message(int type, std::uint16_t flags, std::uint8_t family, std::uint16_t resource) {
    message_ = bytes_.size();
    nlmsghdr head{};
    head.nlmsg_type = static_cast<std::uint16_t>(type);
    head.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    head.nlmsg_seq = sequence_++;
    const nfgenmsg body{family, NFNETLINK_V0, htons(resource)};
    append(&head, sizeof(head));
    append(&body, sizeof(body));
  }
  void end_message() { put_size<std::uint32_t>(message_, bytes_.size() - message_); }

  std::size_t begin_nested(int type) {
    const auto at = bytes_.size();
    const nlattr head{0, static_cast<std::uint16_t>(type | NLA_F_NESTED)};
    append(&head, sizeof(head));
    return at;
  }
  void end_nested(std::size_t at) { put_size<std::uint16_t>(at, bytes_.size() - at); }

  void attribute(int type, std::string_view value) {
    const nlattr head{static_cast<std::uint16_t>(NLA_HDRLEN + value.size()),
                      static_cast<std::uint16_t>(type)};
    append(&head, sizeof(head));
    append(value.data(), value.size());
    bytes_.resize((bytes_.size() + NLA_ALIGNTO - 1) / NLA_ALIGNTO * NLA_ALIGNTO, '\0');
  }
  // Names go with their terminating zero.
  void name(int type, const std::string& value) { attribute(type, {value.c_str(), value.size() + 1}); }

  [[nodiscard]] std::uint32_t last_sequence() const { return sequence_ - 1; }
  [[nodiscard]] std::string take() && { return std::move(bytes_); }
  void ask_for_answer() {
    nlmsghdr head{};
    std::memcpy(&head, bytes_.data() + message_, sizeof(head));
    head.nlmsg_flags = static_cast<std::uint16_t>(head.nlmsg_flags | NLM_F_ACK);
    std::memcpy(bytes_.data() + message_, &head, sizeof(head));
  }

 private:
  void append(const void* data, std::size_t size) { bytes_.append(static_cast<const char*>(data), size); }
  template <class Size>
  void put_size(std::size_t at, std::size_t size) {
    const auto value = static_cast<Size>(size);
    std::memcpy(bytes_.data() + at, &value, sizeof(value));
  }

  std::string bytes_;
  std::size_t message_ = 0;
  std::uint32_t sequence_;
};

std::string address_bytes(const std::string& address, Family family) {
  std::array<char, 16> bytes{};
  inet_pton(family == Family::ipv4 ? AF_INET : AF_INET6, address.c_str(), bytes.data());
  return {bytes.data(), family == Family::ipv4 ? 4U : 16U};
}

struct Element {
  const MemberChange& change;
  const char* set;
  std::optional<std::uint32_t> mark;
};

void add_mark(Writer& writer, std::uint32_t mark) {
  const auto data = writer.begin_nested(NFTA_SET_ELEM_DATA);
  writer.attribute(NFTA_DATA_VALUE, {reinterpret_cast<const char*>(&mark), sizeof(mark)});
  writer.end_nested(data);
}

void add_element(Writer& writer, int type, const Element& element) {
  const bool is_new = type == NFT_MSG_NEWSETELEM;
  const auto family = element.change.family;
  writer.begin_message(NFNL_SUBSYS_NFTABLES << 8 | type, is_new ? NLM_F_CREATE | NLM_F_EXCL : 0,
                       family == Family::ipv4 ? NFPROTO_IPV4 : NFPROTO_IPV6, 0);
  writer.name(NFTA_SET_ELEM_LIST_TABLE, "cell");
  writer.name(NFTA_SET_ELEM_LIST_SET, element.set);
  const auto list = writer.begin_nested(NFTA_SET_ELEM_LIST_ELEMENTS);
  const auto item = writer.begin_nested(NFTA_LIST_ELEM);
  const auto key = writer.begin_nested(NFTA_SET_ELEM_KEY);
  writer.attribute(NFTA_DATA_VALUE, address_bytes(element.change.address, family));
  writer.end_nested(key);
  if (element.mark) add_mark(writer, *element.mark);
  writer.end_nested(item);
  writer.end_nested(list);
  writer.end_message();
}

void add_change(Writer& writer, const MemberChange& change) {
  if (change.before) add_element(writer, NFT_MSG_DELSETELEM, {change, "peers", std::nullopt});
  if (change.after) add_element(writer, NFT_MSG_NEWSETELEM, {change, "peers", policy_mark(*change.after)});
  if (change.ends_reach()) add_element(writer, NFT_MSG_DELSETELEM, {change, "reach", std::nullopt});
  if (change.begins_reach()) add_element(writer, NFT_MSG_NEWSETELEM, {change, "reach", std::nullopt});
  if (change.leaves_exit()) add_element(writer, NFT_MSG_DELSETELEM, {change, "exits", std::nullopt});
  if (change.takes_exit())
    add_element(writer, NFT_MSG_NEWSETELEM, {change, "exits", exit_mark(change.after->exit)});
}

}  // namespace

ElementBatch element_batch(const std::vector<MemberChange>& changes, std::uint32_t first_sequence) {
  Writer writer(first_sequence);
  writer.begin_message(NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
  writer.end_message();
  for (const auto& change : changes) {
    if (change.before != change.after) add_change(writer, change);
  }
  writer.ask_for_answer();
  const auto last = writer.last_sequence();
  writer.begin_message(NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
  writer.end_message();
  return {std::move(writer).take(), last};
}

}  // namespace cell::netfilter
