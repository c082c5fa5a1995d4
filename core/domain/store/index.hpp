#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace cell::store {

// One package of a store's index.
struct Listed {
  std::string id;
  std::string version;
  std::string file;  // relative to the index
  std::string sha256;
  std::int64_t size_bytes = 0;
  std::string manifest_sha256;
  std::vector<std::string> architectures;  // empty: all
};

// manifests/schema/index.json as a type.
struct Index {
  std::string name;
  std::int64_t version = 0;
  TimePoint expires{};
  std::vector<Listed> packages;
};

// Whose signature an index must have.
struct IndexKey {
  std::string public_key;  // base64 of 32 bytes
  std::string key_id;
};

// The index, if its signature (index.json.sig) is that key's: forbidden with reason "signature" or "key"
// else; invalid_argument when it is none.
Result<Index> read_index(std::string_view text, std::string_view signature, const IndexKey& key);

// What was seen of a store before.
struct SeenIndex {
  std::int64_t version = 0;
  std::string sha256;  // of the index's bytes, hex
};
// Freeze and rollback: conflict with reason "expired", "rolled_back" (a lower version than was seen) or
// "changed" (the same version with other bytes).
Result<void> check_fresh(const Index& index, const std::string& sha256, const SeenIndex& seen, TimePoint now);

// Whether a publisher with these ids may sign for `id`: exactly it, or one below it ("org.example" and
// "org.example.notes"). Without any: all that have a domain in front; those of one word are the product's
// own.
bool may_publish(const std::vector<std::string>& allowed_ids, const std::string& id);

}  // namespace cell::store
