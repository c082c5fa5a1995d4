#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace cell::http {

// What a look-up found. `allowed` is filled when the path is known but not for this method.
struct Match {
  std::size_t route = 0;  // index given to add()
  std::map<std::string, std::string> params;
};

// Finds the route of a method and path. Patterns: "/api/peers/{id}/config"; a literal segment wins over a
// parameter; the last segment may be "{rest*}". Cost depends on the path's depth, not on the number of
// routes.
class RouteTable {
 public:
  RouteTable();
  ~RouteTable();
  // conflict when the same method and shape is there already.
  Result<void> add(std::string_view method, std::string_view pattern, std::size_t route);
  [[nodiscard]] std::optional<Match> find(std::string_view method, std::string_view path) const;
  [[nodiscard]] std::vector<std::string> allowed_methods(std::string_view path) const;  // empty: unknown path

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

}  // namespace cell::http
