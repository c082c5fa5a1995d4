#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cell/json.hpp"

namespace cell::sdk::detail {

// Members of a document that the host wrote: an empty value where one is missing or of another type, so that
// a host that is older or newer does no harm. Keeps a reference to `object`.
class Reader {
 public:
  explicit Reader(const Json& object) : object_(&object) {}

  [[nodiscard]] std::string text(const char* name) const;
  [[nodiscard]] std::int64_t integer(const char* name) const;
  [[nodiscard]] bool boolean(const char* name) const;
  [[nodiscard]] std::vector<std::string> texts(const char* name) const;
  [[nodiscard]] std::map<std::string, std::string> text_map(const char* name) const;
  [[nodiscard]] std::vector<Reader> objects(const char* name) const;
  [[nodiscard]] const Json* find(const char* name) const;

 private:
  const Json* object_;
};

}  // namespace cell::sdk::detail
