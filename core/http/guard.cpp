#include "http/guard.hpp"

#include <charconv>

namespace cell::http {

namespace {

// RFC 9110 §5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  if (text.empty()) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const CaseInsensitiveLess less;
  return !less(a, b) && !less(b, a);
}

bool is_port(std::string_view text) {
  return text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// host[:port] of RFC 9110 §7.2; only what can't be taken for something else by what comes after us.
bool is_host(std::string_view text) {
  if (text.empty() || text.size() > 255) return false;
  const bool is_literal = text.front() == '[';
  const auto host_end = is_literal ? text.find(']') : std::min(text.find(':'), text.size());
  if (host_end == std::string_view::npos || host_end == 0) return false;
  const std::string_view host = is_literal ? text.substr(1, host_end - 1) : text.substr(0, host_end);
  const std::string_view rest = text.substr(host_end + (is_literal ? 1 : 0));
  constexpr std::string_view kName = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  constexpr std::string_view kLiteral = "abcdefABCDEF0123456789:.";
  if (host.empty() || host.find_first_not_of(is_literal ? kLiteral : kName) != std::string_view::npos)
    return false;
  return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
}

// The path of an absolute-form target (RFC 9112 §3.2.2): its authority is looked at by nobody here, Host is.
std::optional<std::string> path_of_absolute(std::string_view target) {
  const std::string_view rest = target.substr(target.find("//") + 2);
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  if (!is_host(rest.substr(0, end))) return {};
  const std::string_view path = rest.substr(end);
  return path.starts_with('/') ? std::string(path) : "/" + std::string(path);
}

using Outcome = std::optional<Refusal>;

Outcome read_request_line(std::string_view line, const Limits& limits, Head& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return Refusal{400, "the request line is not METHOD TARGET VERSION"};
  head.method = line.substr(0, first);
  const std::string_view version = line.substr(last + 1);
  std::string_view target = line.substr(first + 1, last - first - 1);
  if (!is_token(head.method) || head.method.size() > 16) return Refusal{400, "the method is not a token"};
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    const bool other = version.size() == 8 && version.starts_with("HTTP/");
    return Refusal{other ? 505 : 400, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  }
  head.http_1_0 = version == "HTTP/1.0";
  if (head.method == "CONNECT" || head.method == "TRACE") return Refusal{501, "this method is not served"};
  if (target.size() > limits.max_uri_bytes) return Refusal{414, "the request target is too long"};
  std::optional<std::string> absolute;
  if (target.starts_with("http://") || target.starts_with("https://")) {
    absolute = path_of_absolute(target);
    if (!absolute) return Refusal{400, "the request target's authority is not a host"};
    target = *absolute;
  }
  auto parsed = read_target(target);
  if (auto* refusal = std::get_if<Refusal>(&parsed)) return std::move(*refusal);
  head.path = std::move(std::get<Target>(parsed).path);
  head.query = std::move(std::get<Target>(parsed).query);
  return {};
}

Outcome read_field(std::string_view line, Head& head) {
  if (line.front() == ' ' || line.front() == '\t') return Refusal{400, "a header is folded over lines"};
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return Refusal{400, "a header has no colon"};
  const std::string_view name = line.substr(0, colon);
  if (!is_token(name)) return Refusal{400, "a header's name is not a token"};
  const std::string_view value = trim(line.substr(colon + 1));
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7F)
      return Refusal{400, "header '" + std::string(name) + "' has a control character"};
  }
  head.headers.emplace(std::string(name), std::string(value));
  return {};
}

Outcome read_fields(std::string_view text, const Limits& limits, Head& head) {
  std::size_t count = 0;
  while (!text.empty()) {
    const auto end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 2);
    if (line.empty()) break;
    if (line.find_first_of("\r\n") != std::string_view::npos)
      return Refusal{400, "a line ends in a bare CR or LF"};
    if (++count > limits.max_headers) return Refusal{431, "there are too many headers"};
    if (auto refusal = read_field(line, head)) return refusal;
  }
  return {};
}

Outcome read_length(std::string_view text, Head& head) {
  if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return Refusal{400, "Content-Length is not one plain number"};
  }
  std::from_chars(text.data(), text.data() + text.size(), head.content_length);
  return {};
}

Outcome read_framing(Head& head) {
  const auto [length, length_end] = head.headers.equal_range("Content-Length");
  const auto [coding, coding_end] = head.headers.equal_range("Transfer-Encoding");
  if (std::distance(length, length_end) > 1)
    return Refusal{400, "Content-Length stands there more than once"};
  if (coding == coding_end) return length == length_end ? Outcome{} : read_length(length->second, head);
  if (length != length_end) return Refusal{400, "Content-Length and Transfer-Encoding stand there together"};
  if (head.http_1_0) return Refusal{400, "HTTP/1.0 has no Transfer-Encoding"};
  if (std::distance(coding, coding_end) > 1 || !equal_ignoring_case(coding->second, "chunked")) {
    return Refusal{501, "the only Transfer-Encoding served is 'chunked'"};
  }
  head.chunked = true;
  return {};
}

Outcome read_host(const Head& head) {
  const auto hosts = head.headers.count("Host");
  if (hosts > 1) return Refusal{400, "Host stands there more than once"};
  if (hosts == 0) return head.http_1_0 ? Outcome{} : Refusal{400, "Host is missing"};
  if (!is_host(head.headers.find("Host")->second)) return Refusal{400, "Host is not a host name"};
  return {};
}

bool lists(std::string_view value, std::string_view wanted) {
  while (!value.empty()) {
    const auto end = std::min(value.find(','), value.size());
    if (equal_ignoring_case(trim(value.substr(0, end)), wanted)) return true;
    value.remove_prefix(std::min(value.size(), end + 1));
  }
  return false;
}

Outcome read_connection(Head& head) {
  // HTTP/1.0 has a keep-alive of its own (RFC 9112 §C.2.2); nobody who matters asks for it.
  head.keep_alive = !head.http_1_0;
  const auto [connection, connection_end] = head.headers.equal_range("Connection");
  for (auto it = connection; it != connection_end; ++it) {
    if (lists(it->second, "close")) head.keep_alive = false;
  }
  const auto expect = head.headers.find("Expect");
  if (expect == head.headers.end()) return {};
  if (!equal_ignoring_case(expect->second, "100-continue"))
    return Refusal{417, "this expectation is not known"};
  head.expects_continue = !head.http_1_0;
  return {};
}

}  // namespace

std::variant<Head, Refusal> read_head(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_head_bytes) return Refusal{431, "the request's head is too large"};
  if (text.find('\0') != std::string_view::npos) return Refusal{400, "the head holds a NUL"};
  const auto line_end = text.find("\r\n");
  if (line_end == std::string_view::npos ||
      text.substr(0, line_end).find_first_of("\r\n") != std::string_view::npos) {
    return Refusal{400, "the request line does not end in CR LF"};
  }
  Head head;
  auto refusal = read_request_line(text.substr(0, line_end), limits, head);
  if (!refusal) refusal = read_fields(text.substr(line_end + 2), limits, head);
  if (!refusal) refusal = read_host(head);
  if (!refusal) refusal = read_framing(head);
  if (!refusal) refusal = read_connection(head);
  if (refusal) return std::move(*refusal);
  return head;
}

}  // namespace cell::http
