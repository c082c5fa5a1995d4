// What a request to a plugin costs beside a plain function that does the same, in microseconds (median, 99th
// percentile), and what opening fifty plugins takes, in milliseconds and, for child processes, in memory.
//   plugin_bench LIBRARY HOST_PROGRAM   LIBRARY answers the body it gets
//   (tests/bad_plugins/keeps_contract.cpp)
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "plugin/instance.hpp"

namespace {

using namespace cell;
using namespace cell::plugin;

constexpr int kWarm = 2'000;
constexpr int kCalls = 20'000;
constexpr int kPlugins = 50;

const PluginRequest& request() {
  static const PluginRequest kRequest{
      {{"method", "GET"},
       {"path", "/lists/7"},
       {"params", {{"id", "7"}}},
       {"query", Json::object()},
       {"headers", {{"accept", "application/json"}}},
       {"principal", {{"id", "p1"}, {"name", "Ada"}, {"role", "admin"}}},
       {"request_id", "01HF000000000000000000"}},
      R"({"items": [1, 2, 3], "text": "about as much as a small answer has in it, give or take a few words"})"};
  return kRequest;
}

void print(const char* name, const std::function<void()>& work) {
  for (int i = 0; i < kWarm; ++i) work();
  std::vector<double> times(kCalls);
  for (double& time : times) {
    const auto start = std::chrono::steady_clock::now();
    work();
    time = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
  }
  std::sort(times.begin(), times.end());
  std::printf("%s %.2f %.2f\n", name, times[times.size() / 2], times[times.size() * 99 / 100]);
}

std::unique_ptr<Instance> must(Result<std::unique_ptr<Instance>> opened) {
  if (opened) return std::move(*opened);
  std::fprintf(stderr, "%s\n", opened.error().message.c_str());
  std::exit(1);
}

// A library that is opened twice is one to the dynamic linker, so each plugin has a file of its own.
struct Copies {
  explicit Copies(const std::filesystem::path& library) {
    std::string name = (std::filesystem::temp_directory_path() / "cell-plugin-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::exit(1);
    folder = name;
    for (int i = 0; i < kPlugins; ++i) {
      libraries.push_back(folder / (std::to_string(i) + ".so"));
      std::filesystem::copy_file(library, libraries.back());
    }
  }
  ~Copies() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  Copies(const Copies&) = delete;
  Copies& operator=(const Copies&) = delete;
  std::filesystem::path folder;
  std::vector<std::filesystem::path> libraries;
};

void call(Instance& plugin) {
  const auto response = plugin.handle(request());
  if (response && response->status == 200) return;
  std::fprintf(stderr, "the plugin does not answer: %s\n",
               response ? "status" : response.error().message.c_str());
  std::exit(1);
}

// Proportional set size of the children, in KiB.
long children_kilobytes() {
  long total = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream list(task.path() / "children");
    for (long pid = 0; list >> pid;) {
      std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
      std::string word;
      long kilobytes = 0;
      while (rollup >> word) {
        if (word == "Pss:" && rollup >> kilobytes) total += kilobytes;
      }
    }
  }
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  auto manifest = parse_manifest(R"(
schema: 1
id: bench
name: {en: Bench}
summary: {en: Answers what it gets}
version: 1.0.0
kind: native
category: tools
provides: [service]
license: MIT
abi: {major: 1, minor: 0}
library: {name: bench.so, architectures: [amd64, arm64]}
permissions: []
)");
  if (!manifest) return 1;
  OpenOptions options;
  options.library = std::filesystem::absolute(argv[1]);
  options.host_program = std::filesystem::absolute(argv[2]);
  options.log = log::Logs::null()->logger("plugin-bench");
  // Through a std::function, as routes are called; the answer is made and dropped.
  const std::function<PluginResponse(const PluginRequest&)> plain = [](const PluginRequest& asked) {
    return PluginResponse{200, {{"Content-Type", "text/plain"}}, asked.body};
  };
  print("plain", [&] { (void)plain(request()); });
  const auto near = must(open_in_process(*manifest, options));
  print("in_process", [&] { call(*near); });
  const auto far = must(open_isolated(*manifest, options));
  print("isolated", [&] { call(*far); });
  const long before = children_kilobytes();
  const Copies copies(options.library);
  std::vector<std::unique_ptr<Instance>> open;
  for (const auto& [name, open_one] :
       {std::pair("load_in_process", &open_in_process), std::pair("load_isolated", &open_isolated)}) {
    const auto start = std::chrono::steady_clock::now();
    for (const auto& library : copies.libraries) {
      options.library = library;
      open.push_back(must(open_one(*manifest, options)));
    }
    std::printf("%s %.1f 0\n", name,
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::printf("child_kilobytes %ld 0\n", (children_kilobytes() - before) / kPlugins);
  return 0;
}
