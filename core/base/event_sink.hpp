#pragma once

#include <string_view>

#include "base/json.hpp"

namespace cell {

// Where the layers below the API tell what changed; the API sends it to event-stream clients.
// Nothing here blocks or fails. Thread: any.
class EventSink {
 public:
  virtual ~EventSink() = default;
  // To administrators, who are told everything.
  virtual void publish(std::string_view event, const Json& data) = 0;
  // To one person who is none, about what is theirs. A sink that knows only administrators drops it.
  virtual void publish_to(std::string_view person_id, std::string_view event, const Json& data) {
    static_cast<void>(person_id), static_cast<void>(event), static_cast<void>(data);
  }
};

}  // namespace cell
