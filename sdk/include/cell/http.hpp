#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cell/json.hpp"
#include "cell/result.hpp"

namespace cell::sdk {

// Who asks. Absent for a request that nobody is logged in for.
struct Principal {
  std::string id{};
  std::string name{};
  std::string role{};
  [[nodiscard]] bool is_admin() const { return role == "admin"; }
};

// A request to one of the plugin's own routes, /api/services/<id>/x/<path>.
struct Request {
  std::string method{};
  std::string path{};  // below x, with the slash at its beginning: "/count"
  std::map<std::string, std::string> params{};
  std::map<std::string, std::string> query{};
  std::map<std::string, std::string> headers{};  // names in lower case
  std::optional<Principal> principal{};
  std::string request_id{};
  std::string body{};

  // Empty where there is none.
  [[nodiscard]] std::string param(const std::string& name) const;
  [[nodiscard]] std::string header(std::string_view name) const;  // in any case
  // The body as JSON; invalid_argument where it is none.
  [[nodiscard]] Result<Json> json() const;

  // [any] From the host's document and the body beside it.
  static Result<Request> parse(const Json& head, std::string body);
};

struct Response {
  int status = 200;
  std::map<std::string, std::string> headers{};
  std::string body{};

  static Response json(const Json& value, int status = 200);
  static Response text(std::string text, int status = 200);
  static Response empty() { return {.status = 204}; }
};

enum class Access {
  admin,   // administrators only
  person,  // anybody who is logged in; what is whose is the plugin's to check
};

// One route: what the host is told of it (contributions.json: api).
struct Route {
  std::string method{};
  std::string path{};  // "/notes/{id}"; {rest*} at the end takes all that is left
  std::string summary{};
  Access access = Access::admin;
  int max_body_kb = 0;  // 0: the host's own limit
};

// Finds the handler of a request. Fill it in the plugin's constructor; dispatch() may then be called from any
// number of threads.
class Router {
 public:
  using Handler = std::function<Result<Response>(const Request&)>;

  Router& add(Route route, Handler handler);
  Router& get(std::string path, std::string summary, Access access, Handler handler);
  Router& post(std::string path, std::string summary, Access access, Handler handler);
  Router& put(std::string path, std::string summary, Access access, Handler handler);
  Router& remove(std::string path, std::string summary, Access access, Handler handler);  // DELETE

  // [worker] The first route that fits. not_found where no path fits, unsupported where the method does not.
  // `params` that the host did not fill are filled here.
  [[nodiscard]] Result<Response> dispatch(const Request& request) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_{};
  std::vector<Handler> handlers_{};
};

}  // namespace cell::sdk
