/* A plugin in C that does one thing wrong, which MISTAKE names. Everything else it does only as well as such
 * a small file can: it does not read JSON. */
#include <cell/abi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef NEEDS_A_LIBRARY
const char* zlibVersion(void);
#endif
#ifdef EXPORTS_MORE
CELL_EXPORT int another_name(void) { return 1; }
#endif

static cell_status say(const cell_sink* sink, const char* text) {
  return sink->write(sink->context, (const uint8_t*)text, strlen(text));
}

static cell_status fail(const cell_sink* sink) {
  const cell_status status = say(sink, "{\"code\":\"invalid_argument\",\"message\":\"no\"}");
  return status == CELL_OK ? CELL_FAILED : status;
}

/* What the option "word" holds, still escaped as JSON. */
static void copy_word(cell_bytes config, char* word, size_t size) {
  static const char name[] = "\"word\":\"";
  size_t length = 0;
  for (uint64_t at = 0; at + sizeof name <= config.length; ++at) {
    if (memcmp(config.data + at, name, sizeof name - 1) != 0) continue;
    for (at += sizeof name - 1; at < config.length && config.data[at] != '"' && length + 1 < size; ++at)
      word[length++] = (char)config.data[at];
    break;
  }
  word[length] = '\0';
}

static cell_status plan(void* instance, cell_bytes config, const cell_sink* contributions) {
  (void)instance;
  char text[1024], word[256];
  copy_word(config, word, sizeof word);
#ifdef CRASHES_ON_NOTHING
  if (config.length == 0) return config.data[0] == 'x';
#endif
#ifdef ENDS_THE_PROCESS
  if (config.length == 0) exit(0);
#endif
#ifdef NO_ERROR_DOCUMENT
  if (config.length == 0) return CELL_FAILED;
#endif
  if (config.length < 40 || config.data[0] != '{') return fail(contributions);
#ifdef READS_THE_CLOCK
  snprintf(word, sizeof word, "%ld", (long)time(NULL));
#endif
#ifdef OPENS_MORE_THAN_ASKED
  return say(
      contributions,
      "{\"containers\":[{\"name\":\"web\",\"image\":\"web\",\"user\":\"nobody\",\"ports\":[{\"port\":25,"
      "\"container_port\":25,\"protocol\":\"tcp\",\"expose\":\"public\"}]}]}");
#endif
  snprintf(text, sizeof text,
           "{\"containers\":[{\"name\":\"web\",\"image\":\"web\",\"user\":\"nobody\",\"files\":[{\"path\":"
           "\"/etc/web/web.conf\",\"content\":\"title = %s\\n\"}]}]}",
           word);
#ifdef IGNORES_A_FULL_SINK
  say(contributions, text);
  return CELL_OK;
#else
  return say(contributions, text);
#endif
}

#ifdef ANSWERS_MORE
static cell_status handle(void* instance, cell_bytes request, cell_bytes body, const cell_sink* response,
                          const cell_sink* response_body) {
  (void)instance;
  (void)body;
  (void)response_body;
  if (request.length < 40 || request.data[0] != '{') return fail(response);
  return say(response, "{\"status\":200,\"headers\":{},\"colour\":\"red\"}");
}
#endif

static void close_it(void* instance) { (void)instance; }

cell_status cell_plugin_open(const cell_host* host, cell_plugin* plugin, const cell_sink* error) {
  (void)host;
  (void)error;
#ifdef NEEDS_A_LIBRARY
  if (zlibVersion() == NULL) return CELL_FAILED;
#endif
#ifdef CRASHES_IN_OPEN
  abort();
#endif
  plugin->abi_major = CELL_ABI_MAJOR;
#ifdef BUILT_FOR_ANOTHER_ABI
  plugin->abi_minor = 7;
#else
  plugin->abi_minor = CELL_ABI_MINOR;
#endif
#ifndef LACKS_PLAN
  plugin->plan = plan;
#endif
#ifdef ANSWERS_MORE
  plugin->handle = handle;
#endif
  plugin->close = close_it;
  return CELL_OK;
}
