extern "C" __attribute__((visibility("default"))) int cell_plugin_start() { return 0; }
