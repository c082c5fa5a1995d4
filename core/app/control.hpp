#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "base/log.hpp"
#include "domain/identity/identity.hpp"
#include "domain/setup/setup.hpp"
#include "http/server.hpp"

namespace cell::app {

// What the verbs of the command line ask of the cell, of a running one through its control socket, else of
// the directory itself. All answer text for a terminal or an error.
struct Control {
  std::function<Result<std::string>(const std::string& answers_yaml)> setup;
  std::function<Result<std::string>()> show_admin_password;
  std::function<Result<std::string>(const std::string& name)>
      reset_admin_password;  // empty: the first administrator
  std::function<Result<std::string>()> setup_code;
};
Control make_control(setup::SetupService& setup, identity::Identity& identity);

// `config/api/control.sock` below the cell's directory: mode 0600 in a directory of mode 0700 that is given
// to no container, so whoever can connect could read and change the cell's files anyway. No other check is
// made.
std::filesystem::path control_socket(const std::filesystem::path& directory);

// The control socket's server, apart from the API's: none of its routes can be reached over the network.
Result<std::unique_ptr<http::Server>> serve_control(Control control, const std::filesystem::path& directory,
                                                    log::Logger log);

// The handler behind it: POST /<verb> with the argument as body → text, or a problem document.
http::Handler control_handler(Control control);

}  // namespace cell::app
