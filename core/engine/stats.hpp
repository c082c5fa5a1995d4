#pragma once

#include <cstdint>

#include "base/json.hpp"
#include "base/result.hpp"
#include "engine/client.hpp"

namespace cell::engine {

// Processor time of one container at one moment. The engine's one-shot answer holds no earlier sample, so the
// client keeps its own.
struct CpuSample {
  std::uint64_t used_ns = 0;
  std::int64_t at_ns = 0;  // Unix time of the sample by the engine's clock
};

CpuSample cpu_sample(const Json& stats);

// Of one processor = 100; 0 without time between the two or when the container was restarted between them.
double cpu_percent(const CpuSample& before, const CpuSample& after);

// Everything of the answer but the processor's share. Memory is without inactive page cache, as `docker
// stats` shows it.
ContainerStats parse_stats(const std::string& name, const Json& stats);

}  // namespace cell::engine
