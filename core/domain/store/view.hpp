#pragma once

#include <string>

#include "base/json.hpp"
#include "domain/store/store.hpp"

// The objects of the REST API. Pure.
namespace cell::store {

// What is known of an offer beside itself.
struct OfferFacts {
  std::string installed_version;  // empty: it is not installed
  bool is_installing = false;
};

// A StoreItem, in `language`.
Json item_json(const Offer& offer, const OfferFacts& facts, const std::string& language);
// With options, permissions and breaking changes.
Json item_details(const Offer& offer, const OfferFacts& facts, const std::string& language);
Json source_json(const SourceState& source);

}  // namespace cell::store
