#include "report.hpp"

namespace cell::tool {

std::vector<std::string> lines_of(const Error& error) {
  std::vector<std::string> lines{error.message};
  for (const FieldError& field : error.fields) {
    const std::string line = field.pointer + " " + field.detail;
    // An error about one place often has it as its message already.
    if (error.message.find(field.detail) == std::string::npos) lines.push_back(line);
  }
  if (!error.hint.empty()) lines.push_back("→ " + error.hint);
  return lines;
}

void Report::good(const std::string& what) {
  ++passed_;
  out_ << "✓ " << what << '\n';
}

void Report::bad(const std::string& what, const std::vector<std::string>& reasons) {
  ++failed_;
  out_ << "✗ " << what << '\n';
  for (const std::string& reason : reasons) out_ << "    " << reason << '\n';
}

void Report::bad(const std::string& what, const Error& error) { bad(what, lines_of(error)); }

void Report::add(const std::string& what, const std::vector<std::string>& reasons) {
  if (reasons.empty()) return good(what);
  bad(what, reasons);
}

void Report::summary() const { out_ << passed_ << " passed, " << failed_ << " failed\n"; }

}  // namespace cell::tool
