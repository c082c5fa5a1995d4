#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

// What the settings page does to the document.
namespace cell::settings {

// The object of GET /api/settings without its revision.
Json settings_view(const Json& root);

// Applies {timezone?, endpoint_host?, session?, cell_name?, domain?} that a schema has been checked against.
// Every wrong field is reported; name and domain are fixed once the cell is set up (conflict, reason
// "fixed_after_setup").
Result<void> apply_settings(Json& root, const Json& patch);

// The document that going back from `now` to `then` gives. What secrets outside the document belong to stays
// as it is now: the people with their passwords, that the cell is set up, and its name. Refuses (conflict) a
// `then` of before set-up.
Result<Json> restored(const Json& now, const Json& then);

}  // namespace cell::settings
