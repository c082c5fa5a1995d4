/* Loads a plugin and says on standard output what it answers, using nothing but abi.h: a host in C. What it
 * prints must not depend on what the plugin was built with. usage: loader <library> */
#include <cell/abi.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
  char* data;
  size_t length;
};

static cell_status append(void* context, const uint8_t* data, uint64_t length) {
  struct text* text = context;
  char* grown = realloc(text->data, text->length + length + 1);
  if (grown == NULL) return CELL_BAD_SINK;
  memcpy(grown + text->length, data, length);
  text->data = grown;
  text->length += length;
  text->data[text->length] = '\0';
  return CELL_OK;
}

static cell_bytes bytes_of(const char* text) {
  cell_bytes bytes = {(const uint8_t*)text, strlen(text)};
  return bytes;
}

static void on_log(void* context, int32_t level, cell_bytes message, cell_bytes fields) {
  (void)context;
  printf("log %d: %.*s %.*s\n", (int)level, (int)message.length, (const char*)message.data,
         (int)fields.length, (const char*)fields.data);
}

/* One value is all that this host keeps; it answers every get with it. */
static char kept[256];

static cell_status on_call(void* context, cell_bytes method, cell_bytes request, const cell_sink* reply) {
  (void)context;
  printf("call %.*s %.*s\n", (int)method.length, (const char*)method.data, (int)request.length,
         (const char*)request.data);
  if (method.length == 11 && memcmp(method.data, "state.get/1", 11) == 0)
    return reply->write(reply->context, bytes_of(kept).data, strlen(kept));
  if (method.length == 11 && memcmp(method.data, "state.put/1", 11) == 0) {
    snprintf(kept, sizeof kept, "%.*s", (int)request.length, (const char*)request.data);
    return reply->write(reply->context, (const uint8_t*)"{}", 2);
  }
  const char* error = "{\"code\":\"unsupported\",\"message\":\"no\"}";
  reply->write(reply->context, (const uint8_t*)error, strlen(error));
  return CELL_FAILED;
}

static void say(const char* what, cell_status status, struct text* head, struct text* body) {
  printf("%s: %d %s", what, (int)status, head->data != NULL ? head->data : "");
  if (body != NULL) printf(" %s", body->data != NULL ? body->data : "");
  printf("\n");
  free(head->data);
  head->data = NULL;
  head->length = 0;
  if (body == NULL) return;
  free(body->data);
  body->data = NULL;
  body->length = 0;
}

static const char* const configs[] = {
    "{\"service\":{\"id\":\"org.example.hello\",\"version\":\"1.0.0\"},\"cell\":{\"name\":\"home\","
    "\"domain\":"
    "\"home.cell\",\"timezone\":\"UTC\",\"language\":\"en\"},\"options\":{\"word\":\"Good day, a word that "
    "is too "
    "long for any small buffer\"},\"accounts\":[],\"secrets\":{}}",
    "{\"service\":{\"id\":\"x\",\"version\":\"1.0.0\"},\"cell\":{\"name\":\"home\",\"domain\":\"home.cell\","
    "\"timezone\":\"UTC\",\"language\":\"en\"},\"options\":{\"word\":\"a\\nb\"},\"accounts\":[],\"secrets\":{"
    "}}",
    "{}",
    "[",
    "\xff",
    ""};

static const char* const requests[] = {
    "{\"method\":\"GET\",\"path\":\"/"
    "greeting\",\"params\":{},\"query\":{},\"headers\":{},\"principal\":{\"id\":"
    "\"p1\",\"name\":\"Ada\",\"role\":\"admin\"},\"request_id\":\"r1\"}",
    "{\"method\":\"GET\",\"path\":\"/greeting\",\"principal\":null}",
    "{\"method\":\"DELETE\",\"path\":\"/greeting\"}",
    "{\"method\":\"GET\",\"path\":\"/nothing\"}",
    "{",
    ""};

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  /* ISO C has no conversion from an object's pointer to a function's; POSIX makes dlsym() work like this. */
  cell_plugin_open_function open;
  *(void**)&open = dlsym(library, CELL_PLUGIN_OPEN_NAME);
  if (open == NULL) return 1;

  strcpy(kept, "{}");
  struct text head = {NULL, 0}, body = {NULL, 0};
  const cell_sink head_sink = {sizeof head_sink, 0, &head, append};
  const cell_sink body_sink = {sizeof body_sink, 0, &body, append};
  const cell_host host = {sizeof host, CELL_ABI_MINOR, NULL, on_log, on_call};
  cell_plugin plugin;
  memset(&plugin, 0, sizeof plugin);
  plugin.size = sizeof plugin;

  const cell_status opened = open(&host, &plugin, &head_sink);
  say("open", opened, &head, NULL);
  if (opened != CELL_OK) return 1;
  printf("abi %d.%d\n", plugin.abi_major, plugin.abi_minor);
  for (size_t i = 0; i < sizeof configs / sizeof *configs; ++i)
    say("plan", plugin.plan(plugin.instance, bytes_of(configs[i]), &head_sink), &head, NULL);
  for (size_t i = 0; i < sizeof requests / sizeof *requests; ++i) {
    const cell_status status =
        plugin.handle(plugin.instance, bytes_of(requests[i]), bytes_of(""), &head_sink, &body_sink);
    say("handle", status, &head, &body);
  }
  plugin.close(plugin.instance);
  printf("closed\n");
  return 0;
}
