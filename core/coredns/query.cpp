#include "coredns/query.hpp"

#include <array>
#include <memory>

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>

#include "coredns/name.hpp"

namespace cell::coredns {

namespace {

constexpr std::size_t kMaxMessage = 16'384;  // far above what the cell's zones hold; announced by EDNS
constexpr int kTriesOfASecond = 2;

struct TypeName {
  const char* name;
  ns_type type;
};
constexpr std::array<TypeName, 9> kTypes{{{"A", ns_t_a},
                                          {"AAAA", ns_t_aaaa},
                                          {"CNAME", ns_t_cname},
                                          {"TXT", ns_t_txt},
                                          {"MX", ns_t_mx},
                                          {"SRV", ns_t_srv},
                                          {"NS", ns_t_ns},
                                          {"PTR", ns_t_ptr},
                                          {"SOA", ns_t_soa}}};

const TypeName* find_type(const std::string& name) {
  for (const TypeName& entry : kTypes) {
    if (name == entry.name) return &entry;
  }
  return nullptr;
}

// "192.0.2.7" → "7.2.0.192.in-addr.arpa", the nibbles of an IPv6 address under ip6.arpa; anything else as it
// is.
std::string reverse_name(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  std::string out;
  if (is_ipv4(text)) {
    inet_pton(AF_INET, text.c_str(), bytes.data());
    for (std::size_t i = 4; i-- > 0;) out += std::to_string(bytes[i]) + ".";
    return out + "in-addr.arpa";
  }
  if (!is_ipv6(text)) return text;
  inet_pton(AF_INET6, text.c_str(), bytes.data());
  constexpr std::string_view kHex = "0123456789abcdef";
  for (std::size_t i = 16; i-- > 0;) {
    for (const unsigned nibble : {bytes[i] & 15U, static_cast<unsigned>(bytes[i]) >> 4U}) {
      out += kHex[nibble];
      out += '.';
    }
  }
  return out + "ip6.arpa";
}

// The resolver's state, set to one server and to nothing of this machine's resolv.conf.
class Resolver {
 public:
  explicit Resolver(const Question& question) : ready_(res_ninit(&state_) == 0) {
    state_.nscount = 1;
    state_.nsaddr_list[0] = {};
    state_.nsaddr_list[0].sin_family = AF_INET;
    state_.nsaddr_list[0].sin_port = htons(question.port);
    has_server_ = inet_pton(AF_INET, question.server.c_str(), &state_.nsaddr_list[0].sin_addr) == 1;
    state_.retrans = 1;
    state_.retry = kTriesOfASecond;
    // No TCP after a cut answer: the library gives it no deadline.
    state_.options |= RES_RECURSE | RES_IGNTC;
  }
  ~Resolver() {
    if (ready_) res_nclose(&state_);
  }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  [[nodiscard]] bool usable() const { return ready_ && has_server_; }
  res_state get() { return &state_; }

 private:
  struct __res_state state_ {};
  bool ready_ = false;
  bool has_server_ = false;
};

// The OPT record that says how much of an answer we take (RFC 6891 §6.1.2).
void add_edns(std::vector<unsigned char>& query) {
  const std::array<unsigned char, 11> opt{0, 0, 41, kMaxMessage >> 8U, kMaxMessage & 255U, 0, 0, 0, 0, 0, 0};
  query.insert(query.end(), opt.begin(), opt.end());
  query[11] = 1;  // ARCOUNT
}

std::string text_of(const unsigned char* at, const unsigned char* end) {
  std::string out;
  while (at < end) {
    const std::size_t length = *at++;
    for (std::size_t i = 0; i < length && at < end; ++i, ++at) {
      if (*at >= 0x20 && *at < 0x7f && *at != '\\') {
        out += static_cast<char>(*at);
        continue;
      }
      out += '\\';
      for (const unsigned digit : {*at / 100U, *at / 10U % 10U, *at % 10U})
        out += static_cast<char>('0' + digit);
    }
  }
  return out;
}

// The name at `offset` of the record's data, with what the message compressed.
std::string name_in(const ns_msg& message, const ns_rr& record, std::size_t offset) {
  std::array<char, NS_MAXDNAME> name{};
  if (ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), ns_rr_rdata(record) + offset, name.data(),
                         name.size()) < 0)
    return {};
  return name[0] == '\0' ? "." : name.data();
}

std::string numbers(const ns_rr& record, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += std::to_string(ns_get16(ns_rr_rdata(record) + 2 * i)) + " ";
  return out;
}

std::string value_of(const ns_msg& message, const ns_rr& record) {
  std::array<char, INET6_ADDRSTRLEN> address{};
  const unsigned char* data = ns_rr_rdata(record);
  const std::size_t size = ns_rr_rdlen(record);
  switch (ns_rr_type(record)) {
    case ns_t_a:
      return size == 4 ? inet_ntop(AF_INET, data, address.data(), address.size()) : "";
    case ns_t_aaaa:
      return size == 16 ? inet_ntop(AF_INET6, data, address.data(), address.size()) : "";
    case ns_t_cname:
    case ns_t_ns:
    case ns_t_ptr:
    case ns_t_soa:
      return name_in(message, record, 0);
    case ns_t_mx:
      return size > 2 ? numbers(record, 1) + name_in(message, record, 2) : "";
    case ns_t_srv:
      return size > 6 ? numbers(record, 3) + name_in(message, record, 6) : "";
    case ns_t_txt:
      return text_of(data, data + size);
    default:
      return std::to_string(size) + " bytes";
  }
}

std::string type_name(unsigned type) {
  for (const TypeName& entry : kTypes) {
    if (static_cast<unsigned>(entry.type) == type) return entry.name;
  }
  return "TYPE" + std::to_string(type);
}

std::string rcode_name(int rcode) {
  constexpr std::array<const char*, 6> kNames{"NOERROR",  "FORMERR", "SERVFAIL",
                                              "NXDOMAIN", "NOTIMP",  "REFUSED"};
  const auto index = static_cast<std::size_t>(rcode);
  return index < kNames.size() ? kNames[index] : "RCODE" + std::to_string(rcode);
}

// An answer to `query`, whether the library was content with it or not: it calls a refusal a failure.
bool is_answer(const std::vector<unsigned char>& reply, const std::vector<unsigned char>& query) {
  return reply[0] == query[0] && reply[1] == query[1] && (reply[2] & 0x80U) != 0;
}

}  // namespace

Result<Answer> parse_answer(std::string_view message) {
  ns_msg handle{};
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  if (ns_initparse(bytes, static_cast<int>(message.size()), &handle) != 0) {
    return Error{Code::internal, "the DNS server answered something that is no DNS message"};
  }
  Answer answer;
  answer.rcode = rcode_name(ns_msg_getflag(handle, ns_f_rcode));
  for (int i = 0; i < ns_msg_count(handle, ns_s_an); ++i) {
    ns_rr record{};
    if (ns_parserr(&handle, ns_s_an, i, &record) != 0) {
      return Error{Code::internal, "the DNS server answered something that is no DNS message"};
    }
    answer.entries.push_back(
        {ns_rr_name(record), type_name(ns_rr_type(record)), ns_rr_ttl(record), value_of(handle, record)});
  }
  return answer;
}

Result<Answer> ask(const Question& question) {
  const TypeName* type = find_type(question.type);
  if (type == nullptr)
    return field_error("/type", "must be one of A, AAAA, CNAME, TXT, MX, SRV, NS, PTR, SOA");
  const std::string name = type->type == ns_t_ptr ? reverse_name(question.name) : question.name;
  if (!is_name(name, Underscore::allowed)) return field_error("/name", "must be a name like nas.example.org");
  Resolver resolver(question);
  if (!resolver.usable()) return Error{Code::internal, "the resolver of the C library does not start"};

  std::vector<unsigned char> query(NS_PACKETSZ);
  const int query_size = res_nmkquery(resolver.get(), ns_o_query, name.c_str(), ns_c_in, type->type, nullptr,
                                      0, nullptr, query.data(), static_cast<int>(query.size()));
  if (query_size < 0) return field_error("/name", "must be a name like nas.example.org");
  query.resize(static_cast<std::size_t>(query_size));
  add_edns(query);

  std::vector<unsigned char> reply(kMaxMessage);
  const auto began = std::chrono::steady_clock::now();
  const int size = res_nsend(resolver.get(), query.data(), static_cast<int>(query.size()), reply.data(),
                             static_cast<int>(reply.size()));
  const auto took =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
  Answer answer;
  if (size > 0) {
    answer =
        CELL_TRY(parse_answer({reinterpret_cast<const char*>(reply.data()), static_cast<std::size_t>(size)}));
  } else if (is_answer(reply, query)) {
    answer.rcode = rcode_name(reply[3] & 15U);
  } else {
    return Error{Code::unavailable, "the cell's DNS server does not answer",
                 "look at its log under Containers"};
  }
  answer.took = took;
  return answer;
}

}  // namespace cell::coredns
