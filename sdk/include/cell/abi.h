/*
 * The border between the cell (the host) and a plugin, in C11. A plugin is a shared library that exports
 * exactly one function, cell_plugin_open(). Everything else of the SDK is comfort on top of this file.
 *
 * Rules that hold for every function here
 * - Bytes in, bytes out. Text is UTF-8; documents are JSON (RFC 8259), one document per call.
 * - Input is borrowed: it is valid until the function returns. Output goes into a sink of the caller. Nobody
 *   frees what it did not allocate; no pointer outlives the call it was given in, except `host` (until
 *   close() returns) and `instance` (from open to close).
 * - Every struct begins with `size`, the bytes that its maker knows of it. Members are only ever appended:
 *   read one only after `size` says that it is there (CELL_HAS). Both sides fill `size` with sizeof of their
 *   own header.
 * - No exception, longjmp or signal crosses. A callback that fails answers CELL_FAILED and writes an error
 *   document to its sink: {"code": "invalid_argument", "message": "…", "hint": "…", "fields":
 *   [{"pointer": "/x", "detail": "…"}]}, where `code` is one of invalid_argument unauthenticated forbidden
 *   not_found conflict gone precondition_failed too_large rate_limited unsupported unavailable timeout
 *   cancelled internal.
 * - A plugin may be called from several threads at once, except where a tag says otherwise:
 *     [control]  one call at a time, never while another [control] call of this plugin runs
 *     [worker]   any number at once, besides everything else; answer fast
 *     [job]      one call at a time per plugin; may take long, up to the host's deadline
 *     [any]      from any thread of the plugin, also one that it made itself
 * - The library is never unloaded: close() ends the instance, the code stays mapped. Constructors and
 *   destructors of static objects should do nothing that matters.
 *
 * What the documents hold stands in manifests/schema/ (contributions.json, request.json, response.json,
 * event.json) and, for the host's methods, in sdk/docs/host-methods.md.
 */
#ifndef CELL_ABI_H
#define CELL_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Another major version is refused before the library is loaded; a lower or equal minor version works. */
#define CELL_ABI_MAJOR 1
#define CELL_ABI_MINOR 0

/* Whether a struct that was made elsewhere holds `member` of `type`. */
#define CELL_HAS(pointer, type, member) \
  ((pointer)->size >= offsetof(type, member) + sizeof(((type*)0)->member))

#if defined(__GNUC__) || defined(__clang__)
#define CELL_EXPORT __attribute__((visibility("default")))
#else
#define CELL_EXPORT
#endif

typedef int32_t cell_status;
enum {
  CELL_OK = 0,
  CELL_FAILED = 1,   /* the sink holds an error document */
  CELL_BAD_SINK = 2, /* from cell_sink.write only: the answer is over its limit; stop, and return this */
};

enum { CELL_LOG_DEBUG = 1, CELL_LOG_INFO = 2, CELL_LOG_WARN = 3, CELL_LOG_ERROR = 4 };

/* A piece of memory that belongs to the caller. `data` may be null when `length` is 0. Never grows. */
typedef struct cell_bytes {
  const uint8_t* data;
  uint64_t length;
} cell_bytes;

/* Where an answer goes: `write` appends, and may be called several times. Owned by the caller of the function
 * that takes it; not to be kept. Only for the thread that was given it. */
typedef struct cell_sink {
  uint32_t size;
  uint32_t reserved;
  void* context;
  cell_status (*write)(void* context, const uint8_t* data, uint64_t length);
} cell_sink;

/* What the host offers. Valid until close() has returned. */
typedef struct cell_host {
  uint32_t size;
  uint32_t abi_minor; /* of the host */
  void* context;
  /* [any] A line in the plugin's own log. `fields` is a JSON object, or empty. Never put a secret into
   * either. */
  void (*log)(void* context, int32_t level, cell_bytes message, cell_bytes fields);
  /* [worker] [job] Asks the host for something: `method` is "noun.verb/revision", e.g. "state.get/1". Not
   * from plan(): that is a function of its input alone. Answers CELL_FAILED with code `forbidden` when the
   * manifest does not ask for the permission, `unsupported` when this host does not know the method. */
  cell_status (*call)(void* context, cell_bytes method, cell_bytes request, const cell_sink* reply);
} cell_host;

/* What the plugin offers; filled by cell_plugin_open(). A callback that is null is one that the plugin lacks:
 * without `handle` it has no routes of its own, without `notify` it hears of nothing. `plan` and `close` must
 * be there. */
typedef struct cell_plugin {
  uint32_t size;
  uint16_t abi_major; /* CELL_ABI_MAJOR of the header that the plugin was built with */
  uint16_t abi_minor;
  void* instance;
  /* [control] From configuration to what the service is made of (contributions.json). A pure function: no
   * clock, no files, no host calls; the same input gives the same bytes. `config` is {"service": {"id",
   * "version"}, "cell": {"name", "domain", "timezone", "language"}, "options": {…}, "accounts": […],
   * "secrets": {name: value}}. */
  cell_status (*plan)(void* instance, cell_bytes config, const cell_sink* contributions);
  /* [worker] A request to one of the plugin's own routes. `request` is {"method", "path", "params": {…},
   * "query": {…}, "headers": {…}, "principal": {"id", "name", "role"} or null, "request_id"}, `body` the body
   * as it came. `response` takes {"status", "headers": {…}} and `response_body` the body. */
  cell_status (*handle)(void* instance, cell_bytes request, cell_bytes body, const cell_sink* response,
                        const cell_sink* response_body);
  /* [job] Something happened: {"type": "schedule", "name": …} or {"type": "installed" | "updated" |
   * "options_changed" | "accounts_changed" | "started" | "stopped" | "removing", …}. `error` is written only
   * with CELL_FAILED. */
  cell_status (*notify)(void* instance, cell_bytes event, const cell_sink* error);
  /* [control] The end: no other call comes afterwards or runs meanwhile. Ends and joins its threads. */
  void (*close)(void* instance);
} cell_plugin;

/* [control] Makes an instance. `plugin->size` comes filled with what the host knows; members beyond it must
 * not be written. On CELL_FAILED nothing is kept and close() is not called. */
CELL_EXPORT cell_status cell_plugin_open(const cell_host* host, cell_plugin* plugin, const cell_sink* error);
typedef cell_status (*cell_plugin_open_function)(const cell_host* host, cell_plugin* plugin,
                                                 const cell_sink* error);
#define CELL_PLUGIN_OPEN_NAME "cell_plugin_open"

#ifdef __cplusplus
}
#endif

#endif
