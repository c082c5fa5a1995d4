#pragma once

#include <string>

namespace plugins_test {

// What the core finds wrong with the manifest, or with contributions under it; empty: nothing.
std::string problems_of(const std::string& manifest, const std::string& contributions);

}  // namespace plugins_test
