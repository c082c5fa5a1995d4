#include "api/settings_routes.hpp"

#include <charconv>

#include "api/auth_gate.hpp"
#include "domain/settings/change.hpp"

namespace cell::api {

namespace {

http::Response settings_response(const config::Snapshot& snapshot) {
  Json view = settings::settings_view(snapshot->root);
  view["revision"] = snapshot->revision;
  http::Response response = http::Response::json(view);
  response.headers.emplace("ETag", "\"" + std::to_string(snapshot->revision) + "\"");
  return response;
}

Result<http::Response> change(config::Store& config, const Context& context) {
  const config::Edit edit = [&](Json& root) { return settings::apply_settings(root, context.body); };
  return settings_response(CELL_TRY(config.commit(commit_options(context, "settings changed"), edit)));
}

Json to_json(const config::Revision& revision) {
  return {{"revision", revision.revision},
          {"t", format_time(revision.saved_at)},
          {"actor", revision.actor},
          {"summary", revision.summary},
          {"size", revision.size}};
}

Result<http::Response> list(const config::Store& config) {
  Json items = Json::array();
  for (const config::Revision& revision : CELL_TRY(config.revisions())) items.push_back(to_json(revision));
  return http::Response::json({{"items", std::move(items)}});
}

Result<std::int64_t> number_of(const Context& context) {
  const std::string text = context.param("number");
  std::int64_t number = -1;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure == std::errc{} && end == text.data() + text.size() && number >= 0) return number;
  return Error{Code::not_found, "there is no such revision", "see GET /api/config/revisions"};
}

Result<http::Response> show(const config::Store& config, const Context& context) {
  const std::int64_t number = CELL_TRY(number_of(context));
  Json document = CELL_TRY(config.revision(number));
  for (const config::Revision& revision : CELL_TRY(config.revisions())) {
    if (revision.revision != number) continue;
    Json answer = to_json(revision);
    answer["document"] = std::move(document);
    return http::Response::json(answer);
  }
  return Error{Code::not_found, "there is no revision " + std::to_string(number),
               "see GET /api/config/revisions"};
}

struct Restoring {
  config::Store& config;
  jobs::Jobs& jobs;
  std::function<void()> restored;
};

Result<void> go_back(const Restoring& parts, std::int64_t number, const config::CommitOptions& options,
                     jobs::Progress& progress) {
  progress.phase("Loading");
  const Json then = CELL_TRY(parts.config.migrated_revision(number));
  progress.phase("Applying");
  const config::Edit edit = [&](Json& root) -> Result<void> {
    root = CELL_TRY(settings::restored(root, then));
    return {};
  };
  CELL_TRY(parts.config.commit(options, edit));
  parts.restored();
  return {};
}

Result<http::Response> restore(const Restoring& parts, const Context& context) {
  const std::int64_t number = CELL_TRY(number_of(context));
  // What can't be gone back to is refused at once, not by a job that fails.
  CELL_TRY(
      settings::restored(parts.config.snapshot()->root, CELL_TRY(parts.config.migrated_revision(number))));
  config::CommitOptions options = commit_options(context, "went back to revision " + std::to_string(number));
  jobs::Request request;
  request.kind = "config.restore";
  request.title = "Go back to revision " + std::to_string(number);
  request.actor = context.principal->actor();
  request.target = "configuration";
  request.phases = {"Loading", "Applying"};
  request.run = [parts, number, options = std::move(options)](jobs::Progress& progress) {
    return go_back(parts, number, options, progress);
  };
  return http::Response::json({{"job_id", CELL_TRY(parts.jobs.start(std::move(request)))}});
}

Json session_schema() {
  return schema::object(
      {{"idle_s", schema::integer(60, 2'592'000)}, {"absolute_s", schema::integer(300, 31'536'000)}});
}

Json domain_schema() {
  return schema::object({{"mode", schema::one_of({"local"})}, {"name", schema::string()}});
}

std::vector<std::pair<std::string, Json>> revision_members() {
  return {{"revision", schema::integer(0, INT64_MAX)},
          {"t", schema::time()},
          {"actor", schema::string(1024)},
          {"summary", schema::string(1024)},
          {"size", schema::integer(0, INT64_MAX)}};
}

}  // namespace

std::vector<Route> settings_routes(config::Store& config, jobs::Jobs& jobs, std::function<void()> restored) {
  const Json settings = schema::object({{"cell_name", schema::string()},
                                        {"domain", domain_schema()},
                                        {"timezone", schema::string()},
                                        {"endpoint_host", schema::string()},
                                        {"session", session_schema()},
                                        {"revision", schema::integer(0, INT64_MAX)}});
  Route showing{"GET", "/api/settings", Access::admin, "settings", "Shows the cell's settings"};
  showing.response = settings;
  showing.handle = [&config](const Context&) -> Result<http::Response> {
    return settings_response(config.snapshot());
  };

  Route changing{"PATCH", "/api/settings", Access::admin, "settings",
                 "Changes settings; name and domain are fixed after set-up"};
  changing.request = schema::object({{"cell_name?", schema::string()},
                                     {"domain?", domain_schema()},
                                     {"timezone?", schema::string()},
                                     {"endpoint_host?", schema::string()},
                                     {"session?", session_schema()}});
  changing.response = settings;
  changing.handle = [&config](const Context& context) { return change(config, context); };

  Route listing{"GET", "/api/config/revisions", Access::admin, "settings",
                "Lists the revisions that are kept, newest first"};
  listing.response = schema::collection(schema::object(revision_members()));
  listing.handle = [&config](const Context&) { return list(config); };

  Route one{"GET", "/api/config/revisions/{number}", Access::admin, "settings",
            "Shows the whole document of a revision"};
  auto members = revision_members();
  members.emplace_back("document", schema::map(true));
  one.response = schema::object(std::move(members));
  one.handle = [&config](const Context& context) { return show(config, context); };

  Route restoring{"POST", "/api/config/revisions/{number}/restore", Access::admin, "settings",
                  "Goes back to a revision"};
  restoring.response = schema::object({{"job_id", schema::string()}});
  restoring.success = 202;
  restoring.handle = [parts = Restoring{config, jobs, std::move(restored)}](const Context& context) {
    return restore(parts, context);
  };
  return {showing, changing, listing, one, restoring};
}

}  // namespace cell::api
