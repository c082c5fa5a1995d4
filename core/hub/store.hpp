#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hub/document.hpp"
#include "hub/peer_table.hpp"

namespace cell::hub {

// The last document that was applied, on disk: `document.json` and, so that a change to one peer does not
// rewrite megabytes, `changes.journal` with one line for each change since. Each line names the hash it
// builds on and the one it leads to; a line that a crash cut short, and lines that document.json holds
// already, are left out on reading. After a kill at any point the old or the new state is read, never
// another. Files are 0600: they hold private keys. One thread.
class Store {
 public:
  explicit Store(std::filesystem::path directory);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Nothing when there is none yet. A document.json that can't be read is kept as document.json.broken and
  // the error says so; the next call answers nothing.
  Result<std::optional<Document>> load();
  Result<void> save(const Document& document);
  // Durable when it returns.
  Result<void> append(const std::string& base_hash, const std::vector<PeerChange>& changes,
                      const std::string& hash);
  // The journal is long enough that save() should be called when there is time.
  [[nodiscard]] bool wants_save() const;

 private:
  Result<void> open_journal();
  Result<void> write_line(const std::string& line);

  std::filesystem::path directory_;
  int journal_ = -1;
  std::size_t journal_bytes_ = 0;
  bool has_torn_tail_ = false;
};

}  // namespace cell::hub
