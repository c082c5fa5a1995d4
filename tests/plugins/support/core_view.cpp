#include "support/core_view.hpp"

#include "plugin/contributions.hpp"
#include "plugin/manifest.hpp"

namespace plugins_test {

namespace {

std::string words(const cell::Error& error) {
  std::string text = error.message;
  for (const cell::FieldError& field : error.fields) text += "\n" + field.pointer + ": " + field.detail;
  return text;
}

}  // namespace

std::string problems_of(const std::string& manifest, const std::string& contributions) {
  const auto parsed = cell::plugin::parse_manifest(manifest);
  if (!parsed) return words(parsed.error());
  const auto document = cell::parse_json(contributions);
  if (!document) return words(document.error());
  const auto checked = cell::plugin::parse_contributions(*document, *parsed);
  return checked ? "" : words(checked.error());
}

}  // namespace plugins_test
