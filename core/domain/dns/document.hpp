#pragma once

#include "base/json.hpp"
#include "domain/settings/place.hpp"
#include "reconcile/desired.hpp"

namespace cell::dns {

// Corefile and zones of the cell's DNS server. Pure; equal configurations give equal texts.
reconcile::FileDocument dns_document(const Json& root, const settings::Place& place);

}  // namespace cell::dns
