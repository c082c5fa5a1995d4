#pragma once

#include <string_view>

#include "base/json.hpp"

namespace cell {

// Where the layers below the API tell what changed; the API sends it to event-stream clients.
// publish() never blocks and never fails. Thread: any.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void publish(std::string_view event, const Json& data) = 0;
};

}  // namespace cell
