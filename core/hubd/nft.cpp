#include "hubd/nft.hpp"

// libnftables.h defines _GNU_SOURCE without asking whether it is.
#undef _GNU_SOURCE
#include <nftables/libnftables.h>

namespace cell::hubd {
namespace {

std::string first_line(const char* text) {
  const std::string all = text == nullptr ? "" : text;
  return all.substr(0, all.find('\n'));
}

}  // namespace

Result<std::unique_ptr<Nft>> Nft::open() {
  nft_ctx* context = nft_ctx_new(NFT_CTX_DEFAULT);
  if (context == nullptr) return Error{Code::internal, "cannot start libnftables"};
  if (nft_ctx_buffer_error(context) != 0 || nft_ctx_buffer_output(context) != 0) {
    nft_ctx_free(context);
    return Error{Code::internal, "cannot buffer the messages of libnftables"};
  }
  return std::unique_ptr<Nft>(new Nft(context));
}

Nft::~Nft() { nft_ctx_free(context_); }

Result<void> Nft::run(const std::string& script) {
  if (script.empty()) return {};
  if (nft_run_cmd_from_buffer(context_, script.c_str()) == 0) return {};
  return Error{Code::internal, "the firewall was refused: " + first_line(nft_ctx_get_error_buffer(context_)),
               "the hub's container needs NET_ADMIN and a kernel with nf_tables"};
}

}  // namespace cell::hubd
