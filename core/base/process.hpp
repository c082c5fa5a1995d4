#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cell {

struct ProcessOutput {
  int exit_code = 0;  // 128 + signal when it was killed
  std::string out;
  std::string err;
};

// Runs a program without a shell: argv[0] is looked up in PATH, `input` goes to its standard input.
// Killed (SIGKILL, the whole process group) at `limit` → timeout. Output above `max_output` bytes per stream
// is cut. A non-zero exit is not an error of this call. Thread: any.
Result<ProcessOutput> run_process(const std::vector<std::string>& argv, std::chrono::milliseconds limit,
                                  std::string_view input = {}, std::size_t max_output = 16 * 1024 * 1024);

// The same, but a non-zero exit becomes an error that holds the program's last line of stderr. Returns
// stdout.
Result<std::string> run_checked(const std::vector<std::string>& argv, std::chrono::milliseconds limit,
                                std::string_view input = {});

}  // namespace cell
