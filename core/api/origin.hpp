#pragma once

#include "base/result.hpp"
#include "domain/settings/document.hpp"
#include "http/message.hpp"

namespace cell::api {

// Refuses (forbidden, reason "foreign_origin") a request that a browser says was made by another site's page:
// by Sec-Fetch-Site (W3C Fetch Metadata) or by an Origin that is not the host asked for. Other clients send
// neither.
Result<void> check_origin(const http::Request& request);

// True when a person sits at this machine: a direct loopback connection that also names the loopback in Host.
// Without the second condition a web page could reach a cell through a name of its own that resolves to
// 127.0.0.1 (DNS rebinding).
bool is_at_this_machine(const http::Request& request);

// Where the cell is, for links that others open. Only what the cell knows of is taken from the request's
// Host: its own name, its address for devices, or a plain IP address (which leads to whoever has it, so it is
// the way the caller came by; the loopback is of no use to others). Any other Host is whatever the caller
// likes, and the link gets the address for devices with the web UI's port, or the cell's name.
std::string origin_for_links(const http::Request& request, const settings::Identity& identity,
                             std::uint16_t webui_port);

}  // namespace cell::api
