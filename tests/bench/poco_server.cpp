// Poco's own HTTPServer, for measuring beside ours: poco_server PORT THREADS BODY_FILE
// Answers every request that has the cookie `cell_session` with the body, as JSON; others with 401.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NameValueCollection.h>
#include <Poco/Net/ServerSocket.h>

namespace {

class Resource final : public Poco::Net::HTTPRequestHandler {
 public:
  explicit Resource(const std::string& body) : body_(body) {}
  void handleRequest(Poco::Net::HTTPServerRequest& request,
                     Poco::Net::HTTPServerResponse& response) override {
    Poco::Net::NameValueCollection cookies;
    request.getCookies(cookies);
    if (!cookies.has("cell_session")) response.setStatus(Poco::Net::HTTPResponse::HTTP_UNAUTHORIZED);
    response.setContentType("application/json");
    response.sendBuffer(body_.data(), body_.size());
  }

 private:
  const std::string& body_;
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  explicit Factory(std::string body) : body_(std::move(body)) {}
  Poco::Net::HTTPRequestHandler* createRequestHandler(
      const Poco::Net::HTTPServerRequest& /*request*/) override {
    return new Resource(body_);  // Poco deletes it
  }

 private:
  std::string body_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: poco_server PORT THREADS BODY_FILE\n";
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  std::ifstream file(argv[3]);
  std::stringstream body;
  body << file.rdbuf();
  const int threads = std::atoi(argv[2]);
  Poco::ThreadPool pool(threads, threads);
  auto* parameters = new Poco::Net::HTTPServerParams;  // the server owns it
  parameters->setMaxThreads(threads);
  parameters->setMaxQueued(2'000);
  const Poco::Net::ServerSocket socket(
      Poco::Net::SocketAddress("127.0.0.1", static_cast<Poco::UInt16>(std::atoi(argv[1]))), 1'024);
  Poco::Net::HTTPServer server(new Factory(body.str()), pool, socket, parameters);
  server.start();
  int received = 0;
  sigwait(&signals, &received);
  server.stopAll(true);
  return 0;
}
