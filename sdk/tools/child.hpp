#pragma once

#include <chrono>
#include <functional>

#include "base/json.hpp"
#include "base/result.hpp"

namespace cell::tool {

// Runs `work` in a child process and answers what it answered. A child that crashes, ends or does not answer
// by the limit is `unavailable`, worded so that it may follow "the plugin". The process must have one thread.
Result<Json> run_in_child(const std::function<Json()>& work, std::chrono::milliseconds limit);

}  // namespace cell::tool
