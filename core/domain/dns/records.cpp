#include "domain/dns/records.hpp"

#include <algorithm>
#include <tuple>

#include "coredns/name.hpp"
#include "crypto/random.hpp"
#include "domain/dns/names.hpp"
#include "domain/settings/document.hpp"
#include "domain/settings/text.hpp"

namespace cell::dns {

namespace {

constexpr std::size_t kMaxRecords = 2000;  // every change renders all of them anew
constexpr std::size_t kMaxComment = 256;

Error no_such_record() { return Error{Code::not_found, "there is no such record"}; }

Error conflict(const char* pointer, const std::string& detail, std::string reason, std::string hint = {}) {
  Error error = field_error(pointer, detail, std::move(hint));
  error.code = Code::conflict;
  error.reason = std::move(reason);
  return error;
}

OwnRecord record_of(const std::string& id, const Json& entry) {
  return {id,
          {json_string(entry, "name"), json_string(entry, "type"), json_string(entry, "value"),
           static_cast<std::uint32_t>(json_int(entry, "ttl", 300))},
          json_string(entry, "comment")};
}

Json entry_of(const OwnRecord& own) {
  Json entry = {{"name", own.record.name},
                {"type", own.record.type},
                {"value", own.record.value},
                {"ttl", own.record.ttl}};
  if (!own.comment.empty()) entry["comment"] = own.comment;
  return entry;
}

Result<void> check_comment(const std::string& comment) {
  const auto points = settings::decode_utf8(comment);
  if (!points) return field_error("/comment", "must be valid UTF-8");
  if (points->size() > kMaxComment) return field_error("/comment", "must not be longer than 256 characters");
  const bool odd = std::any_of(points->begin(), points->end(), [](char32_t point) {
    return settings::is_control(point) || settings::is_bidirectional_mark(point);
  });
  if (odd) return field_error("/comment", "must be one line of text without control characters");
  return {};
}

// "nas.home.cell" in the domain home.cell would be nas.home.cell.home.cell, which nobody means.
Result<void> check_relative(const std::string& name, const std::string& domain) {
  if (domain.empty()) return {};
  if (name != domain && !name.ends_with("." + domain)) return {};
  const std::string relative = name == domain ? "@" : name.substr(0, name.size() - domain.size() - 1);
  return field_error("/name", "must be given without the cell's domain", "write '" + relative + "'");
}

Result<void> check(const Json& root, const OwnRecord& own) {
  CELL_TRY(coredns::check_record(own.record));
  CELL_TRY(check_comment(own.comment));
  return check_relative(own.record.name, coredns::lower(settings::identity_of(root).domain_name));
}

// What a value is to a resolver: host names in it have no case, the text of TXT has.
std::string compared(const coredns::Record& record) {
  return record.type == "TXT" ? record.value : coredns::lower(record.value);
}

Result<void> check_place(const Json& root, const OwnRecord& own) {
  const coredns::Record& record = own.record;
  if (!may_stand(generated_names(root), record)) {
    return conflict("/name", "the cell gives out this name by itself", "name_taken", "choose another name");
  }
  for (const OwnRecord& other : own_records(root)) {
    if (other.id == own.id || other.record.name != record.name) continue;
    if (other.record.type == record.type && compared(other.record) == compared(record)) {
      return conflict("/value", "this record is there already", "record_exists");
    }
    if (record.type == "CNAME" || other.record.type == "CNAME") {
      return conflict("/type", "a CNAME may not stand beside other records of its name", "record_exists",
                      "remove the other record first");
    }
  }
  return {};
}

void apply(OwnRecord& own, const RecordChange& change) {
  if (change.name) own.record.name = coredns::lower(*change.name);
  if (change.type) own.record.type = *change.type;
  if (change.value) own.record.value = *change.value;
  if (change.ttl) own.record.ttl = *change.ttl;
  if (change.comment) own.comment = *change.comment;
}

}  // namespace

std::vector<OwnRecord> own_records(const Json& root) {
  std::vector<OwnRecord> out;
  for (const auto& [id, entry] : json_member(json_member(root, "dns"), "records").items())
    out.push_back(record_of(id, entry));
  std::sort(out.begin(), out.end(), [](const OwnRecord& a, const OwnRecord& b) {
    return std::tie(a.record.name, a.record.type, a.record.value, a.id) <
           std::tie(b.record.name, b.record.type, b.record.value, b.id);
  });
  return out;
}

bool may_stand(const std::set<std::string>& taken, const coredns::Record& record) {
  const std::string name = coredns::lower(record.name);
  if (name == "@") return record.type != "A" && record.type != "AAAA" && record.type != "CNAME";
  return !taken.contains(name);
}

std::vector<OwnRecord> Records::list() const { return own_records(config_.snapshot()->root); }

Result<OwnRecord> Records::find(const std::string& id) const {
  const auto snapshot = config_.snapshot();
  const Json& records = json_member(json_member(snapshot->root, "dns"), "records");
  const auto found = records.find(id);
  if (found == records.end()) return no_such_record();
  return record_of(id, *found);
}

Result<OwnRecord> Records::create(const coredns::Record& record, const std::string& comment,
                                  const config::CommitOptions& options) {
  OwnRecord own{crypto::random_id(), record, comment};
  own.record.name = coredns::lower(record.name);
  CELL_TRY(config_.commit(options, [&](Json& root) -> Result<void> {
    CELL_TRY(check(root, own));
    CELL_TRY(check_place(root, own));
    Json& records = root["dns"]["records"];
    if (records.size() >= kMaxRecords) {
      return Error{Code::conflict,
                   "there are " + std::to_string(kMaxRecords) + " records already",
                   "remove some that are not needed",
                   {},
                   "too_many_records"};
    }
    records[own.id] = entry_of(own);
    return {};
  }));
  return own;
}

Result<OwnRecord> Records::change(const std::string& id, const RecordChange& change,
                                  const config::CommitOptions& options) {
  OwnRecord changed;
  CELL_TRY(config_.commit(options, [&](Json& root) -> Result<void> {
    Json& records = root["dns"]["records"];
    if (!records.contains(id)) return no_such_record();
    changed = record_of(id, records[id]);
    apply(changed, change);
    CELL_TRY(check(root, changed));
    CELL_TRY(check_place(root, changed));
    records[id] = entry_of(changed);
    return {};
  }));
  return changed;
}

Result<void> Records::remove(const std::string& id, const config::CommitOptions& options) {
  CELL_TRY(config_.commit(options, [&](Json& root) -> Result<void> {
    return root["dns"]["records"].erase(id) == 0 ? Result<void>(no_such_record()) : Result<void>();
  }));
  return {};
}

}  // namespace cell::dns
