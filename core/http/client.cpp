#include "http/client.hpp"

#include <algorithm>

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/URI.h>

#include "base/clock.hpp"

namespace cell::http {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kPiece = 64 * 1024;
constexpr milliseconds kSilence{15'000};  // between two pieces
constexpr int kDepth = 9;                 // of a chain of certificates

Error from_poco(const Poco::Exception& failure, const std::string& host) {
  if (dynamic_cast<const Poco::TimeoutException*>(&failure) != nullptr)
    return Error{Code::timeout, "'" + host + "' does not answer in time", "check this machine's network"};
  return Error{Code::unavailable, "cannot reach '" + host + "': " + failure.displayText(),
               "check the address and this machine's network"};
}

std::unique_ptr<Poco::Net::HTTPClientSession> session_for(const Poco::URI& uri) {
  if (uri.getScheme() == "http")
    return std::make_unique<Poco::Net::HTTPClientSession>(uri.getHost(), uri.getPort());
  const Poco::Net::Context::Ptr context = new Poco::Net::Context(
      Poco::Net::Context::TLS_CLIENT_USE, "", "", "", Poco::Net::Context::VERIFY_STRICT, kDepth, true);
  return std::make_unique<Poco::Net::HTTPSClientSession>(uri.getHost(), uri.getPort(), context);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Result<std::string> read_body(std::istream& stream, const ClientRequest& request, std::int64_t length,
                              SteadyPoint end) {
  std::string body;
  std::string piece(kPiece, '\0');
  while (stream.good()) {
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    body.append(piece, 0, static_cast<std::size_t>(stream.gcount()));
    if (body.size() > request.max_reply)
      return Error{Code::too_large,
                   "the answer is larger than " + std::to_string(request.max_reply) + " bytes"};
    if (std::chrono::steady_clock::now() > end)
      return Error{Code::timeout, "the answer did not come in time", "check this machine's network"};
    if (length > 0 && request.advance)
      request.advance(std::min(1.0, static_cast<double>(body.size()) / static_cast<double>(length)));
  }
  if (length >= 0 && body.size() < static_cast<std::size_t>(length))
    return Error{Code::unavailable, "the answer ended too early", "try again"};
  return body;
}

Result<ClientReply> exchange(const Poco::URI& uri, const ClientRequest& request) {
  const SteadyPoint end = std::chrono::steady_clock::now() + request.limit;
  const auto session = session_for(uri);
  const auto silence = std::min(request.limit, kSilence);
  session->setProxyConfig({});
  session->setTimeout(Poco::Timespan(silence.count() * 1000));
  const std::string path = uri.getPathAndQuery().empty() ? "/" : uri.getPathAndQuery();
  Poco::Net::HTTPRequest head(request.method, path, Poco::Net::HTTPMessage::HTTP_1_1);
  for (const auto& [name, value] : request.headers) head.set(name, value);
  if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD"))
    head.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
  session->sendRequest(head) << request.body;
  Poco::Net::HTTPResponse answer;
  std::istream& stream = session->receiveResponse(answer);
  ClientReply reply{static_cast<int>(answer.getStatus()), {}, {}};
  for (const auto& [name, value] : answer) reply.headers[lower(name)] = value;
  if (request.method == "HEAD") return reply;
  const std::int64_t length = answer.hasContentLength() ? answer.getContentLength64() : -1;
  reply.body = CELL_TRY(read_body(stream, request, length, end));
  return reply;
}

}  // namespace

Result<ClientReply> fetch(const ClientRequest& request) {
  try {
    const Poco::URI uri(request.url);
    if ((uri.getScheme() != "https" && uri.getScheme() != "http") || uri.getHost().empty() ||
        !uri.getUserInfo().empty())
      return Error{Code::invalid_argument,
                   "'" + request.url.substr(0, 200) + "' is no address of a web server",
                   "for example 'https://example.org/store'"};
    try {
      return exchange(uri, request);
    } catch (const Poco::Exception& failure) {
      return from_poco(failure, uri.getHost());
    }
  } catch (const Poco::Exception&) {
    return Error{Code::invalid_argument, "'" + request.url.substr(0, 200) + "' is no address of a web server",
                 "for example 'https://example.org/store'"};
  }
}

}  // namespace cell::http
