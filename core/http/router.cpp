#include "http/router.hpp"

namespace cell::http {

// One segment of the paths below it. Literal children are found by name; there is at most one parameter
// child.
struct RouteTable::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
  std::unique_ptr<Node> parameter;
  std::map<std::string, std::pair<std::size_t, std::vector<std::string>>, std::less<>>
      methods;  // end of a path here
  std::map<std::string, std::pair<std::size_t, std::vector<std::string>>, std::less<>>
      rest_methods;  // "{rest*}" from here
};

namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    if (path.front() == '/') path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

RouteTable::RouteTable() : root_(std::make_unique<Node>()) {}
RouteTable::~RouteTable() = default;

Result<void> RouteTable::add(std::string_view method, std::string_view pattern, std::size_t route) {
  Node* node = root_.get();
  std::vector<std::string> names;
  auto* methods = &node->methods;
  for (const std::string_view segment : segments_of(pattern)) {
    if (!is_parameter(segment)) {
      auto& child = node->literal[std::string(segment)];
      if (!child) child = std::make_unique<Node>();
      node = child.get();
      methods = &node->methods;
    } else if (segment.ends_with("*}")) {
      names.emplace_back(segment.substr(1, segment.size() - 3));
      methods = &node->rest_methods;
    } else {
      names.emplace_back(segment.substr(1, segment.size() - 2));
      if (!node->parameter) node->parameter = std::make_unique<Node>();
      node = node->parameter.get();
      methods = &node->methods;
    }
  }
  if (!methods->emplace(std::string(method), std::pair{route, std::move(names)}).second) {
    return Error{Code::conflict,
                 "route '" + std::string(method) + " " + std::string(pattern) + "' is there twice"};
  }
  return {};
}

namespace {

using Methods = std::map<std::string, std::pair<std::size_t, std::vector<std::string>>, std::less<>>;

// Visits every end that fits, best first: literal, then parameter, then the rest, depth-first. `visit` says
// when it has enough: a literal that does not know the method must not hide a parameter that does.
template <class Node, class Visit>
bool walk(const Node& node, std::span<const std::string_view> path, std::vector<std::string_view>& values,
          const Visit& visit) {
  if (path.empty()) return !node.methods.empty() && visit(node.methods);
  if (const auto child = node.literal.find(path.front()); child != node.literal.end()) {
    if (walk(*child->second, path.subspan(1), values, visit)) return true;
  }
  if (node.parameter && !path.front().empty()) {
    values.push_back(path.front());
    if (walk(*node.parameter, path.subspan(1), values, visit)) return true;
    values.pop_back();
  }
  if (node.rest_methods.empty()) return false;
  values.emplace_back(path.front().data(), static_cast<std::size_t>(path.back().data() + path.back().size() -
                                                                    path.front().data()));
  if (visit(node.rest_methods)) return true;
  values.pop_back();
  return false;
}

}  // namespace

std::optional<Match> RouteTable::find(std::string_view method, std::string_view path) const {
  std::vector<std::string_view> values;
  const Methods::mapped_type* route = nullptr;
  walk(*root_, segments_of(path), values, [&](const Methods& methods) {
    const auto entry = methods.find(method);
    if (entry != methods.end()) route = &entry->second;
    return route != nullptr;
  });
  if (route == nullptr) return {};
  Match match{route->first, {}};
  for (std::size_t i = 0; i < values.size(); ++i) match.params[route->second[i]] = values[i];
  return match;
}

std::vector<std::string> RouteTable::allowed_methods(std::string_view path) const {
  std::vector<std::string_view> values;
  std::set<std::string> found;
  walk(*root_, segments_of(path), values, [&](const Methods& methods) {
    for (const auto& [method, route] : methods) found.insert(method);
    return false;
  });
  return {found.begin(), found.end()};
}

}  // namespace cell::http
