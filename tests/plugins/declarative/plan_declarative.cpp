// Prints what a package without code plans: `plan_declarative MANIFEST <CONFIG`. For tests that run the
// containers.
#include <fstream>
#include <iostream>
#include <iterator>

#include "plugin/contributions.hpp"
#include "plugin/instance.hpp"

namespace {

std::string all_of(std::istream& stream) { return {std::istreambuf_iterator<char>(stream), {}}; }

cell::Result<cell::Json> plan(const std::string& manifest_text, const std::string& config_text) {
  const auto manifest = CELL_TRY(cell::plugin::parse_manifest(manifest_text));
  const cell::Json config = CELL_TRY(cell::parse_json(config_text));
  const cell::Json planned = CELL_TRY(cell::plugin::open_declarative(manifest)->plan(config));
  CELL_TRY(cell::plugin::parse_contributions(planned, manifest));
  return planned;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: plan_declarative MANIFEST <CONFIG\n";
    return 2;
  }
  std::ifstream manifest(words[1]);
  const auto planned = plan(all_of(manifest), all_of(std::cin));
  if (planned) {
    std::cout << planned->dump() << "\n";
    return 0;
  }
  std::cerr << planned.error().message << "\n";
  for (const auto& field : planned.error().fields) std::cerr << field.pointer << ": " << field.detail << "\n";
  return 1;
}
