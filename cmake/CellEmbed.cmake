# cell_embed(<target> <namespace> <name>=<file>…)
# Makes each text file a function `std::string_view <namespace>::<name>()` of the target, so that what is
# enforced at run time is the very file that stands in the tree.
function(cell_embed target namespace)
  set(generated "${CMAKE_BINARY_DIR}/generated/${target}_texts.cpp")
  set(body "#include <string_view>\n\nnamespace ${namespace} {\n")
  foreach(pair ${ARGN})
    string(REPLACE "=" ";" parts "${pair}")
    list(GET parts 0 name)
    list(GET parts 1 file)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    file(READ "${file}" text)
    string(APPEND body "std::string_view ${name}();\n"
                       "std::string_view ${name}() {\n  return R\"cell_text(${text})cell_text\";\n}\n")
  endforeach()
  string(APPEND body "}\n")
  file(CONFIGURE OUTPUT "${generated}" CONTENT "@body@" @ONLY)
  target_sources(${target} PRIVATE "${generated}")
endfunction()
