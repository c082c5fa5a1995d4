# cell_add_plugin(<id> SOURCES <file>… [FILES <file>…] [DIRECTORY <folder>])
#
# Builds <name>.so, where <name> is the id's last part (org.example.notes → notes), and puts it together with
# FILES into DIRECTORY (default ${CMAKE_BINARY_DIR}/plugins/<id>): a folder that `cell-plugin check` and
# `cell-plugin pack` take. FILES default to those of manifest.yaml, icon.svg, CHANGELOG.md and LICENSE that are
# there. Targets: plugin_<name>, the library, and plugin_<name>_folder, all of it.
# Each build checks that the library exports one symbol and needs nothing but the C and C++ run-time.
function(cell_add_plugin id)
  cmake_parse_arguments(ARG "" "DIRECTORY" "SOURCES;FILES" ${ARGN})
  if(NOT ARG_SOURCES)
    message(FATAL_ERROR "cell_add_plugin(${id}): name the plugin's files after SOURCES")
  endif()
  string(REGEX REPLACE "^.*\\." "" name "${id}")
  if(NOT ARG_DIRECTORY)
    set(ARG_DIRECTORY "${CMAKE_BINARY_DIR}/plugins/${id}")
  endif()
  set(target "plugin_${name}")
  add_library(${target} MODULE ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE CellSDK::plugin)
  set_target_properties(${target} PROPERTIES
    PREFIX "" SUFFIX ".so" OUTPUT_NAME "${name}" LIBRARY_OUTPUT_DIRECTORY "${ARG_DIRECTORY}"
    CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  # No -static-libgcc and no -static-libstdc++: exceptions need one unwinder per process.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  target_link_options(${target} PRIVATE -Wl,--as-needed,-z,relro,-z,now,--exclude-libs,ALL
    "-Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/cell_plugin.map")
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/cell_plugin.map")
  # A sanitizer's library is linked by the program alone, and adds what it likes.
  if(NOT "${CMAKE_CXX_FLAGS} ${CMAKE_C_FLAGS}" MATCHES "-fsanitize")
    target_link_options(${target} PRIVATE -Wl,-z,defs)
    add_custom_command(TARGET ${target} POST_BUILD VERBATIM
      COMMAND ${CMAKE_COMMAND} "-DLIBRARY=$<TARGET_FILE:${target}>" "-DNM=${CMAKE_NM}" "-DREADELF=${CMAKE_READELF}"
              -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/CellCheckLibrary.cmake")
  endif()
  cell_plugin_folder(${target} "${ARG_DIRECTORY}" ${ARG_FILES})
endfunction()

# The files that lie beside the library.
function(cell_plugin_folder target directory)
  set(files ${ARGN})
  if(NOT files)
    foreach(file manifest.yaml icon.svg CHANGELOG.md LICENSE)
      if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
        list(APPEND files "${file}")
      endif()
    endforeach()
  endif()
  set(copies)
  foreach(file IN LISTS files)
    get_filename_component(source "${file}" ABSOLUTE)
    get_filename_component(base "${file}" NAME)
    add_custom_command(OUTPUT "${directory}/${base}" DEPENDS "${source}" VERBATIM
      COMMAND ${CMAKE_COMMAND} -E copy "${source}" "${directory}/${base}")
    list(APPEND copies "${directory}/${base}")
  endforeach()
  add_custom_target(${target}_folder ALL DEPENDS ${copies})
  add_dependencies(${target}_folder ${target})
endfunction()
