#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace cell::tool {

// What was looked at, a line each: ✓ what, or ✗ what with the reasons below it.
class Report {
 public:
  explicit Report(std::ostream& out) : out_(out) {}

  void good(const std::string& what);
  void bad(const std::string& what, const Error& error);
  void bad(const std::string& what, const std::vector<std::string>& reasons);
  // Good without reasons, else bad.
  void add(const std::string& what, const std::vector<std::string>& reasons);

  [[nodiscard]] int failed() const { return failed_; }
  void summary() const;  // "7 passed, 1 failed"

 private:
  std::ostream& out_;
  int passed_ = 0;
  int failed_ = 0;
};

// The message, each wrong place and the next step, a line each.
std::vector<std::string> lines_of(const Error& error);

}  // namespace cell::tool
