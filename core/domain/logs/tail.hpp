#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cell::logs {

// Gives the lines that are added to the log files of a folder, also across rotation (x.log becomes x.1.log
// and a new x.log begins). Begins at the present end of each file; a file that appears later is read from its
// beginning. Thread: one.
class Tail {
 public:
  using OnLine = std::function<void(std::string_view line)>;

  explicit Tail(std::filesystem::path directory);
  ~Tail();
  Tail(const Tail&) = delete;
  Tail& operator=(const Tail&) = delete;

  // Hands over every complete line since the last call. At most a few MB a call; what is left comes with the
  // next.
  void read(const OnLine& on_line);

 private:
  struct File;
  std::vector<std::string> open_new_files(bool from_end);
  static bool read_more(File& file, const OnLine& on_line);

  std::filesystem::path directory_;
  std::map<std::string, File> files_;  // by name
};

}  // namespace cell::logs
