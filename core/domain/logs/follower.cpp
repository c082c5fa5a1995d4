#include "domain/logs/follower.hpp"

#include "domain/logs/tail.hpp"

namespace cell::logs {

namespace {

constexpr std::size_t kMaxFollowers = 16;  // each line is matched once for each of them
constexpr std::chrono::seconds kBeat{15};  // so that proxies and browsers don't take the silence for an end

}  // namespace

Follower::Follower(std::filesystem::path directory, std::chrono::milliseconds interval)
    : directory_(std::move(directory)),
      interval_(interval),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Follower::~Follower() {
  thread_.request_stop();
  wake_.notify_all();
  thread_.join();
  for (const Member& member : members_) member.stream->close();
}

bool Follower::join(std::shared_ptr<http::EventStream> stream, Query query, std::string tag,
                    std::function<bool()> is_welcome) {
  const std::lock_guard lock(mutex_);
  if (members_.size() >= kMaxFollowers) return false;
  members_.push_back({std::move(stream), std::move(query), std::move(tag), std::move(is_welcome)});
  wake_.notify_all();
  return true;
}

bool Follower::has_room() const {
  const std::lock_guard lock(mutex_);
  return members_.size() < kMaxFollowers;
}

void Follower::close_tagged(std::string_view tag) {
  const std::lock_guard lock(mutex_);
  std::erase_if(members_, [&](const Member& member) {
    if (member.tag != tag) return false;
    member.stream->close();
    return true;
  });
}

std::size_t Follower::size() const {
  const std::lock_guard lock(mutex_);
  return members_.size();
}

void Follower::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [this] { return !members_.empty(); })) return;
    }
    // Made when the first one joins: lines from before are for the search.
    Tail tail(directory_);
    auto next_beat = std::chrono::steady_clock::now() + kBeat;
    while (!stop.stop_requested() && size() > 0) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, stop, interval_, [] { return false; });
      }
      tail.read([this](std::string_view line) { send(line); });
      if (std::chrono::steady_clock::now() < next_beat) continue;
      beat();
      next_beat += kBeat;
    }
  }
}

void Follower::send(std::string_view line) {
  const std::lock_guard lock(mutex_);
  std::erase_if(members_, [&](const Member& member) {
    const auto item = match_line(line, member.query);
    return item && !member.stream->send("log", dump_json(*item));
  });
}

void Follower::beat() {
  const auto text = std::make_shared<const std::string>(": still here\n\n");
  const std::lock_guard lock(mutex_);
  std::erase_if(members_, [&](const Member& member) {
    if (!member.is_welcome || member.is_welcome()) return !member.stream->send_encoded(text);
    member.stream->close();
    return true;
  });
}

}  // namespace cell::logs
