#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/event_sink.hpp"

namespace cell::test {

// Keeps what was published. Thread: any.
class RecordedEvents final : public EventSink {
 public:
  void publish(std::string_view event, const Json& data) override {
    const std::lock_guard lock(mutex);
    all.emplace_back(event, data);
  }
  void publish_to(std::string_view person_id, std::string_view event, const Json& data) override {
    const std::lock_guard lock(mutex);
    all.emplace_back(std::string(event) + " to " + std::string(person_id), data);
  }
  // What was published under this name since the last call.
  std::vector<Json> take(std::string_view event) {
    const std::lock_guard lock(mutex);
    std::vector<Json> found;
    for (const auto& [name, data] : all) {
      if (name == event) found.push_back(data);
    }
    std::erase_if(all, [&](const auto& item) { return item.first == event; });
    return found;
  }

  std::mutex mutex;
  std::vector<std::pair<std::string, Json>> all;
};

}  // namespace cell::test
