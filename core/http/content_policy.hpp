#pragma once

#include <string>
#include <vector>

namespace cell::http {

// Addresses beside their own host that pages may ask and show pictures, sound and video from:
// "https://files.home.cell/_cell/". Nothing of them is ever run or framed.
using PageSources = std::vector<std::string>;

// Content-Security-Policy (CSP Level 3) of the web UI's pages. Pure.
std::string content_policy(const PageSources& sources);

}  // namespace cell::http
