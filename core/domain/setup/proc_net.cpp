#include "domain/setup/proc_net.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

namespace cell::setup {

namespace {

constexpr std::string_view kTcpListen = "0A";
constexpr std::string_view kUdpUnconnected = "07";

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = line.find_first_not_of(' '); at != std::string_view::npos;) {
    const std::size_t end = std::min(line.find(' ', at), line.size());
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(' ', end);
  }
  return words;
}

template <class Number>
bool read_number(std::string_view text, Number& number, int base) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return failure == std::errc{} && end == text.data() + text.size();
}

std::optional<Listening> parse_line(std::string_view line, bool udp) {
  // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
  const auto words = words_of(line);
  if (words.size() < 10 || words[3] != (udp ? kUdpUnconnected : kTcpListen)) return std::nullopt;
  const std::size_t colon = words[1].find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Listening socket;
  socket.udp = udp;
  if (!read_number(words[1].substr(colon + 1), socket.port, 16) || !read_number(words[9], socket.inode, 10)) {
    return std::nullopt;
  }
  socket.address = words[1].substr(0, colon);
  return socket;
}

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool holds(const std::filesystem::path& process, const std::string& link) {
  std::error_code failure;
  for (std::filesystem::directory_iterator entry(process / "fd", failure), end; !failure && entry != end;
       entry.increment(failure)) {
    std::error_code unreadable;
    if (std::filesystem::read_symlink(entry->path(), unreadable).string() == link) return true;
  }
  return false;
}

}  // namespace

std::vector<Listening> parse_proc_net(std::string_view text, bool udp) {
  std::vector<Listening> sockets;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (auto socket = parse_line(text.substr(start, end - start), udp)) sockets.push_back(*socket);
    start = end + 1;
  }
  return sockets;
}

Owner owner_of_socket(const std::filesystem::path& proc, std::uint64_t inode) {
  const std::string link = "socket:[" + std::to_string(inode) + "]";
  std::error_code failure;
  for (std::filesystem::directory_iterator entry(proc, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const std::string name = entry->path().filename().string();
    if (!is_number(name) || !holds(entry->path(), link)) continue;
    Owner owner;
    read_number(name, owner.pid, 10);
    std::ifstream comm(entry->path() / "comm");
    std::getline(comm, owner.program);
    return owner;
  }
  return {};
}

}  // namespace cell::setup
