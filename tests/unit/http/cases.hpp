#pragma once

#include <string>
#include <vector>

namespace cell::http::test {

struct RawCase {
  const char* name;
  std::string raw;  // with its empty line
  int status;       // 0: it is let through
};

// Raw framing cases of RFC 9112 and of what servers were fooled with; run through the guard and through a
// real socket.
inline std::vector<RawCase> raw_cases() {
  const auto get = [](const std::string& fields) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
  };
  const auto target = [](const std::string& text) { return "GET " + text + " HTTP/1.1\r\nHost: a\r\n\r\n"; };
  return {
      {"plain", get(""), 0},
      {"http_1_0_without_host", "GET / HTTP/1.0\r\n\r\n", 0},
      {"absolute_form", target("http://example.org/a"), 0},
      {"absolute_form_with_query", target("http://example.org?a=b"), 0},
      {"http_1_0_with_keep_alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 0},
      {"host_with_port", "GET / HTTP/1.1\r\nHost: cell.home:8081\r\n\r\n", 0},
      {"query", target("/a?b=c&d=%20"), 0},
      {"zero_length", get("Content-Length: 0\r\n"), 0},
      {"ipv6_host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 0},
      {"empty_field", get("X:\r\n"), 0},
      {"leading_empty_line", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
      {"length_and_coding", get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"two_lengths", get("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
      {"two_equal_lengths", get("Content-Length: 0\r\nContent-Length: 0\r\n"), 400},
      {"list_of_lengths", get("Content-Length: 5, 5\r\n"), 400},
      {"signed_length", get("Content-Length: +5\r\n"), 400},
      {"negative_length", get("Content-Length: -1\r\n"), 400},
      {"hex_length", get("Content-Length: 0x5\r\n"), 400},
      {"overflowing_length", get("Content-Length: 99999999999999999999\r\n"), 400},
      {"empty_length", get("Content-Length:\r\n"), 400},
      {"length_over_the_limit", get("Content-Length: 104857600\r\n"), 413},
      {"unknown_coding", get("Transfer-Encoding: gzip\r\n"), 501},
      {"coding_in_disguise", get("Transfer-Encoding: xchunked\r\n"), 501},
      {"coding_list", get("Transfer-Encoding: chunked, identity\r\n"), 501},
      {"two_codings", get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 501},
      {"chunked_in_http_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"no_host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two_hosts", get("Host: b\r\n"), 400},
      {"bad_host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"host_with_slash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"empty_host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"host_with_user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
      {"host_with_two_ports", "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n", 400},
      {"host_with_bad_port", "GET / HTTP/1.1\r\nHost: a:x\r\n\r\n", 400},
      {"host_without_name", "GET / HTTP/1.1\r\nHost: :80\r\n\r\n", 400},
      {"open_literal_host", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
      {"absolute_form_without_host", target("http:///a"), 400},
      {"absolute_form_with_user", target("http://u@example.org/"), 400},
      {"folded_field", get("X: a\r\n b\r\n"), 400},
      {"space_before_colon", get("X : a\r\n"), 400},
      {"no_colon", get("X\r\n"), 400},
      {"empty_name", get(": a\r\n"), 400},
      {"bare_lf_in_field", get("X: a\nY: b\r\n"), 400},
      {"bare_cr_in_field", get("X: a\rY: b\r\n"), 400},
      {"nul_in_field", get(std::string("X: a\0b\r\n", 8)), 400},
      {"control_in_field", get("X: a\x01\r\n"), 400},
      {"http_9_9", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505},
      {"http_2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"no_version", "GET /\r\nHost: a\r\n\r\n", 400},
      {"lower_case_version", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
      {"bad_method", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"connect", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"trace", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"asterisk", target("*"), 400},
      {"relative_target", target("a"), 400},
      {"space_in_target", target("/a b"), 400},
      {"non_ascii_target", target("/\xc3\xa4"), 400},
      {"fragment", target("/a#b"), 400},
      {"bad_escape", target("/%zz"), 400},
      {"cut_escape", target("/%2"), 400},
      {"escaped_nul", target("/%00"), 400},
      {"escaped_slash", target("/a%2fb"), 400},
      {"escaped_dots", target("/%2e%2e/etc"), 400},
      {"dots", target("/a/../b"), 400},
      {"backslash", target("/a%5cb"), 400},
      {"escaped_line_end", target("/?a=%0d%0a"), 400},
      {"repeated_parameter", target("/?a=1&a=2"), 400},
      {"long_target", target("/" + std::string(9000, 'a')), 414},
      {"many_fields", get([] {
         std::string fields;
         for (int i = 0; i < 70; ++i) fields += "X-" + std::to_string(i) + ": a\r\n";
         return fields;
       }()),
       431},
      {"unknown_expectation", get("Expect: miracles\r\n"), 417},
  };
}

}  // namespace cell::http::test
