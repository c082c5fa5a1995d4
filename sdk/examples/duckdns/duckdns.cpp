#include <algorithm>
#include <string>

#include <cell/plugin.hpp>
#include <cell/text.hpp>

namespace {

using namespace cell::sdk;

constexpr const char* kSchedule = "update";

// Tells DuckDNS from time to time where the cell is; DuckDNS takes the address from which it is asked.
class DuckDns final : public Plugin {
 public:
  explicit DuckDns(const Host& host) : Plugin(host) {
    router_.get("/status", "How the last update went", Access::admin,
                [this](const Request&) { return status(); });
    router_.post("/update", "Updates now", Access::admin, [this](const Request&) -> Result<Response> {
      CELL_TRY(update());
      return status();
    });
  }

  Result<Contributions> plan(const Config& config) const override {
    const Options& options = config.options();
    Contributions contributions;
    contributions.api = router_.routes();
    contributions.schedules.push_back(
        {.name = kSchedule,
         .every_s = std::clamp<std::int64_t>(options.integer("minutes", 30), 1, 43'200) * 60});
    contributions.ui.panels.push_back(
        Stat{.title = {{"en", "DuckDNS"}},
             .path = "/status",
             .items = {{.title = {{"en", "Last answer"}}, .field = "answer", .kind = "state"},
                       {.title = {{"en", "Problem"}}, .field = "problem"}}});
    contributions.ui.panels.push_back(Action{
        .title = {{"en", "Update now"}}, .text = {{"en", "Tells DuckDNS your address"}}, .path = "/update"});
    return contributions;
  }

  Result<Response> handle(const Request& request) override { return router_.dispatch(request); }

  Result<void> notify(const Event& event) override {
    const bool is_due = (event.type == "schedule" && event.name == kSchedule) || event.type == "started" ||
                        event.type == "options_changed";
    return is_due ? update() : Result<void>();
  }

 private:
  Result<void> update() {
    const auto outcome = ask();
    CELL_TRY(host().put_state("last",
                              outcome ? Json({{"answer", "ok"}, {"problem", ""}})
                                      : Json({{"answer", "failed"}, {"problem", outcome.error().message}})));
    return outcome;
  }

  Result<void> ask() {
    const std::string name = CELL_TRY(host().secret("subdomain")), token = CELL_TRY(host().secret("token"));
    const FetchResult answer =
        CELL_TRY(host().fetch({.url = "https://www.duckdns.org/update?domains=" + url_segment(name) +
                                      "&token=" + url_segment(token)}));
    // The body is OK or KO; the status is 200 for both.
    if (answer.status == 200 && answer.body.starts_with("OK")) return {};
    return Error{.code = Code::unavailable,
                 .message = "DuckDNS refused the update",
                 .hint = "look whether name and token are those that DuckDNS shows"};
  }

  Result<Response> status() const {
    const auto last = CELL_TRY(host().state("last"));
    return Response::json(last ? *last : Json({{"answer", "waiting"}, {"problem", ""}}));
  }

  Router router_;
};

}  // namespace

CELL_PLUGIN(DuckDns);
