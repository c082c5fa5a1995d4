#pragma once

#include <gtest/gtest.h>

#include "config/sealed.hpp"
#include "crypto/encoding.hpp"
#include "crypto/seal.hpp"
#include "domain/identity/identity.hpp"
#include "unit/support/config_state.hpp"

namespace cell::test {

inline config::Sealer test_sealer() {
  const Secret key(std::string(32, 'k'));
  return {[key](std::string_view name, std::string_view plain) -> Result<std::string> {
            return crypto::to_base64(CELL_TRY(crypto::seal(key, plain, name)));
          },
          [key](std::string_view name, std::string_view sealed) -> Result<std::string> {
            const std::string bytes = CELL_TRY(crypto::from_base64(sealed));
            return crypto::open(key, bytes, name);
          }};
}

// Password functions that cost nothing and are counted.
struct CountedHash {
  std::atomic<int> hashed{0};
  std::atomic<int> verified{0};
  identity::HashFunctions functions() {
    return {[this](const Secret& password) -> Result<std::string> {
              ++hashed;
              return "plain:" + std::string(password.reveal());
            },
            [this](const Secret& password, std::string_view phc) {
              ++verified;
              return phc == "plain:" + std::string(password.reveal());
            }};
  }
};

// A cell with people.
struct CellState : ConfigState {
  std::unique_ptr<config::SealedStore> sealed =
      config::SealedStore::open(directory.path() / "sealed.json", test_sealer()).value();
  CountedHash hash;
  std::vector<std::string> ended;
  std::unique_ptr<identity::Identity> identity = open_identity();

  std::unique_ptr<identity::Identity> open_identity() {
    return identity::Identity::open({*config, *sealed, *database, clock, logs->logger("identity"),
                                     hash.functions(),
                                     [this](const std::string& id) { ended.push_back(id); }})
        .value();
  }
  // A person with the password "correct horse <name>".
  identity::Person add_person(const std::string& name, bool is_admin = false) {
    return identity->people().create({name, is_admin, password_of(name)}, {}).value();
  }
  static Secret password_of(const std::string& name) { return Secret("correct horse " + name); }
};

}  // namespace cell::test
