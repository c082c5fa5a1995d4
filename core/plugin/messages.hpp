#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/json.hpp"

// The documents that a plugin is sent: manifests/schema/request.json and event.json. Pure.
namespace cell::plugin {

// Who asks.
struct Asker {
  std::string id;
  std::string name;
  bool is_admin = false;
};

struct RequestHead {
  std::string method;
  std::string path;  // below x
  std::map<std::string, std::string> params;
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::optional<Asker> asker;                  // none: nobody is logged in
  std::string request_id;
};
Json request_document(const RequestHead& head);

// How people.list/1 and requests call what a person may do.
const char* role_name(bool is_admin);

namespace event {

Json schedule(const std::string& name);
Json installed(const std::string& version);
Json updated(const std::string& from, const std::string& version);
Json options_changed();
Json accounts_changed();
Json started();
Json stopped();
Json removing(bool purge);

}  // namespace event
}  // namespace cell::plugin
