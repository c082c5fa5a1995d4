#include "base/task_queue.hpp"

#include <future>

#include <gmock/gmock.h>

namespace cell {
namespace {

using std::chrono::milliseconds;

TEST(TaskQueue, RunsTasksInOrder) {
  std::vector<int> order;
  std::promise<void> done;
  TaskQueue queue("test", 1);

  for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue.post([&order, i] { order.push_back(i); }));
  ASSERT_TRUE(queue.post([&done] { done.set_value(); }));

  done.get_future().wait();
  EXPECT_EQ(order, (std::vector{0, 1, 2}));
}

TEST(TaskQueue, GoesOnAfterAnException) {
  std::promise<std::string> reported;
  std::promise<void> done;
  TaskQueue queue("test", 1, 10, [&reported](const std::string& what) { reported.set_value(what); });

  ASSERT_TRUE(queue.post([] { throw std::runtime_error("broken"); }));
  ASSERT_TRUE(queue.post([&done] { done.set_value(); }));

  EXPECT_EQ(reported.get_future().get(), "broken");
  done.get_future().wait();
}

TEST(TaskQueue, RefusesMoreThanItsLimit) {
  std::promise<void> release;
  std::promise<void> begun;
  TaskQueue queue("test", 1, 1);
  ASSERT_TRUE(queue.post([&] {
    begun.set_value();
    release.get_future().wait();
  }));
  begun.get_future().wait();

  EXPECT_TRUE(queue.post([] {}));
  EXPECT_EQ(queue.post([] {}).error().code, Code::unavailable);
  release.set_value();
}

TEST(TaskQueue, RepeatsUntilCancelled) {
  std::promise<void> third;
  std::atomic<int> runs = 0;
  TaskQueue queue("test", 2);

  const auto id = queue.every(milliseconds{1}, [&] {
    if (++runs == 3) third.set_value();
  });
  third.get_future().wait();
  queue.cancel(id);

  EXPECT_GE(runs, 3);
}

TEST(TaskQueue, StoppingDropsWhatWaits) {
  std::atomic<int> runs = 0;
  {
    TaskQueue queue("test", 1);
    queue.after(std::chrono::hours{1}, [&] { ++runs; });
  }

  EXPECT_EQ(runs, 0);
}

}  // namespace
}  // namespace cell
