# cmake -DLIBRARY=x.so -DNM=nm -DREADELF=readelf -P CellCheckLibrary.cmake
# Fails, and removes the library, unless it exports exactly cell_plugin_open and needs only the run-time of C
# and C++. Anything else would bind to what the host has loaded, in whichever version that is.
cmake_minimum_required(VERSION 3.25)

function(refuse why)
  file(REMOVE "${LIBRARY}")
  get_filename_component(name "${LIBRARY}" NAME)
  message(FATAL_ERROR "${name} is no plugin: ${why}")
endfunction()

function(output_of variable)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE text RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    refuse("'${ARGN}' failed")
  endif()
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()

output_of(symbols "${NM}" -D --defined-only "${LIBRARY}")
string(REGEX MATCHALL "[^ \n]+\n" exports "${symbols}")
string(REPLACE "\n" "" exports "${exports}")
if(NOT exports STREQUAL "cell_plugin_open")
  refuse("it exports '${exports}', not just cell_plugin_open; is CELL_PLUGIN(Type) there, once?")
endif()

output_of(dynamic "${READELF}" -d "${LIBRARY}")
# Without brackets, which would hold the items of a list together.
string(REPLACE "[" "<" dynamic "${dynamic}")
string(REPLACE "]" ">" dynamic "${dynamic}")
string(REGEX MATCHALL "NEEDED[^\n]*<[^>\n]*" needs "${dynamic}")
foreach(need IN LISTS needs)
  string(REGEX REPLACE ".*<" "" need "${need}")
  if(NOT need MATCHES "^(libc|libm|libgcc_s|libstdc\\+\\+|ld-linux[a-z0-9_-]*)\\.so(\\.[0-9]+)?$")
    refuse("it needs ${need}; a plugin links nothing but CellSDK::plugin")
  endif()
endforeach()
