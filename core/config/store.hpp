#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/schema.hpp"

namespace cell::config {

// One immutable state of the whole configuration.
struct Document {
  std::int64_t revision = 0;
  Json root;  // {schema, revision, identity, network, peers, dns, logging, …}; checked against the schema
};
using Snapshot = std::shared_ptr<const Document>;

struct Revision {
  std::int64_t revision = 0;
  TimePoint saved_at{};
  std::string actor;
  std::string summary;
  std::uintmax_t size = 0;
};

// Changes the working copy; an error refuses the whole commit.
using Edit = std::function<Result<void>(Json& root)>;
// Looks at the whole edited document before it is written; an error refuses the commit.
using Validator = std::function<Result<void>(const Json& root)>;
// Brings a document from one schema version to the next; pure.
using Migration = std::function<Result<Json>(Json root)>;
// Told of each published document, in order, from a committing thread, after the lock is released and before
// its commit() returns. May commit itself: that document is told when the listener has returned.
using Listener = std::function<void(const Snapshot& before, const Snapshot& after)>;

struct CommitOptions {
  std::string actor = "system";
  std::string summary;                              // one line for the list of revisions
  std::optional<std::int64_t> expected_revision{};  // If-Match; stale → precondition_failed
};

// What open() found: a torn or invalid document is moved aside as cell_config.json.bad-<time> and the newest
// good revision is in force instead.
struct LoadReport {
  bool first_start = false;
  bool fell_back = false;
  std::string problem;  // what was wrong with the document
  std::filesystem::path kept_bad_file;
};

// The configuration document `cell_config.json` with its last 20 revisions in `revisions/<n>.json`.
// Readers take a snapshot without a lock; one writer at a time; each commit is durable before it is
// published. A flock on the directory keeps a second process out (conflict). Thread: any.
class Store {
 public:
  struct Options {
    std::filesystem::path directory;  // …/config/api
    Json initial;                     // the document of a first start
    std::shared_ptr<const Schema> schema;
    std::vector<Validator> validators;
    const Clock* clock = nullptr;
    std::size_t keep_revisions = 20;
    // migrations[i] makes schema version i + 2 of i + 1. The newest version is their number + 1; a document
    // of a newer one is `unsupported` and left alone.
    std::vector<Migration> migrations{};
  };
  static Result<std::unique_ptr<Store>> open(Options options);
  ~Store();

  [[nodiscard]] const LoadReport& load_report() const;
  [[nodiscard]] Snapshot snapshot() const;

  // Copy → edit → validate → write → publish. An edit that changes nothing writes nothing and answers the
  // current snapshot. Errors: precondition_failed, invalid_argument (from edit, schema or validators),
  // unavailable (disk).
  Result<Snapshot> commit(const CommitOptions& options, const Edit& edit);

  [[nodiscard]] Result<std::vector<Revision>> revisions() const;  // newest first
  [[nodiscard]] Result<Json> revision(std::int64_t number) const;
  // The same, brought up to date: what it would be had this version written it.
  [[nodiscard]] Result<Json> migrated_revision(std::int64_t number) const;
  Result<Snapshot> restore(std::int64_t number, const CommitOptions& options);  // as a new revision
  void subscribe(Listener listener);

 private:
  Store();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cell::config
