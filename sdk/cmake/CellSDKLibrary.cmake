# The targets CellSDK::plugin (what a plugin links) and CellSDK::testing (FakeHost, for unit tests), both
# compiled from source by the project that uses them: with its compiler, its C++ library and its flags, so that
# no two of those ever meet. Expects CELL_SDK_INCLUDE and CELL_SDK_SOURCES (folders).

if(NOT TARGET CellSDK::plugin)
  function(cell_sdk_library name alias)
    add_library(${name} STATIC EXCLUDE_FROM_ALL ${ARGN})
    add_library(${alias} ALIAS ${name})
    target_include_directories(${name} SYSTEM PUBLIC "${CELL_SDK_INCLUDE}")
    target_link_libraries(${name} PUBLIC nlohmann_json::nlohmann_json)
    target_compile_features(${name} PUBLIC cxx_std_20)
    set_target_properties(${name} PROPERTIES
      CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON
      UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)  # the JSON header once instead of once a file
    # A unique symbol would keep the first version of a library in use after an update; clang makes none.
    target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  endfunction()

  file(GLOB sources CONFIGURE_DEPENDS "${CELL_SDK_SOURCES}/*.cpp")
  cell_sdk_library(cell_sdk CellSDK::plugin ${sources})
  file(GLOB sources CONFIGURE_DEPENDS "${CELL_SDK_SOURCES}/testing/*.cpp")
  cell_sdk_library(cell_sdk_testing CellSDK::testing ${sources})
  target_link_libraries(cell_sdk_testing PUBLIC cell_sdk)
  unset(sources)
endif()
