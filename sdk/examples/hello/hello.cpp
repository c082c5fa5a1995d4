#include <mutex>
#include <string>

#include <cell/plugin.hpp>

namespace {

using namespace cell::sdk;

// Greets who asks, and counts how often in the service's own state.
class Hello final : public Plugin {
 public:
  explicit Hello(const Host& host) : Plugin(host) {
    router_.get("/greeting", "Greets and counts", Access::person,
                [this](const Request& r) { return greet(r); });
    router_.remove("/greeting", "Starts counting again", Access::admin,
                   [this](const Request&) { return reset(); });
  }

  Result<Contributions> plan(const Config& config) const override {
    // What is wrong with an option is noted, and refused after plan() with all that is wrong.
    const std::string word = config.options().line("word", "Hello");
    Contributions contributions;
    contributions.api = router_.routes();
    contributions.ui.panels.push_back(
        Stat{.title = {{"en", word}},
             .path = "/greeting",
             .items = {{.title = {{"en", "Greeting"}}, .field = "greeting"},
                       {.title = {{"en", "Count"}}, .field = "count", .kind = "number"}}});
    return contributions;
  }

  Result<Response> handle(const Request& request) override { return router_.dispatch(request); }

 private:
  Result<Response> greet(const Request& request) {
    const std::lock_guard lock(mutex_);
    const auto kept = CELL_TRY(host().state("count"));
    const int count = kept && kept->is_number_integer() ? kept->get<int>() + 1 : 1;
    CELL_TRY(host().put_state("count", count));
    const std::string name = request.principal ? request.principal->name : "you";
    return Response::json({{"greeting", "Hello, " + name}, {"count", count}});
  }

  Result<Response> reset() {
    const std::lock_guard lock(mutex_);
    CELL_TRY(host().remove_state("count"));
    log().info("counting begins again");
    return Response::empty();
  }

  Router router_;
  std::mutex mutex_;  // requests come from several threads; reading and writing the count is one step
};

}  // namespace

CELL_PLUGIN(Hello);
