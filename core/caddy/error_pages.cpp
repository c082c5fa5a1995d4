#include "caddy/error_pages.hpp"

namespace cell::caddy {

namespace {

// As the API's own problems; Caddy puts the request's id in.
constexpr const char* kProblem =
    R"({"type":"urn:cell:problem:unavailable","title":"Temporarily not available","status":503,)"
    R"("detail":"the cell's own program is starting, is being updated, or has stopped",)"
    R"("hint":"try again in some seconds; if it stays like this, 'make status' on the machine says what runs",)"
    R"("request_id":"{http.request.uuid}"})";

// The look of the web UI's plain pages, without anything to load.
constexpr const char* kPage = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="5">
<title>Not there right now</title>
<main style="max-width: 34rem; margin: 20vh auto 0; padding: 0 1.5rem; font: 1rem/1.6 system-ui, sans-serif">
<h1 style="font-size: 1.4rem">Not there right now</h1>
<p>What answers at this address is starting, is being updated, or has stopped. This page tries again by itself every
five seconds.</p>
<p>If it stays like this: on the machine, <code>make status</code> says what runs, and <code>make start</code> starts
what does not.</p>
</main>
</html>
)";

// Those of a proxy whose program does not answer; others say what they mean by themselves.
Json unreachable() { return {{"{http.error.status_code}", {"502", "503", "504"}}}; }

Json answer(const char* media_type, const char* body) {
  return {{"handler", "static_response"},
          {"status_code", 503},
          {"headers",
           {{"Content-Type", {media_type}},
            {"Cache-Control", {"no-store"}},
            {"Retry-After", {"5"}},
            {"Content-Security-Policy",
             {"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}}}},
          {"body", body}};
}

}  // namespace

Json error_pages() {
  const Json api = {{"path", {"/api/*", "/health", "/metrics"}}, {"vars", unreachable()}};
  const Json rest = {{"vars", unreachable()}};
  return {{"routes", Json::array({{{"match", Json::array({api})},
                                   {"handle", Json::array({answer("application/problem+json", kProblem)})},
                                   {"terminal", true}},
                                  {{"match", Json::array({rest})},
                                   {"handle", Json::array({answer("text/html; charset=utf-8", kPage)})},
                                   {"terminal", true}}})}};
}

}  // namespace cell::caddy
