# find_package(CellSDK): the targets CellSDK::plugin and CellSDK::testing, and cell_add_plugin().
include(CMakeFindDependencyMacro)
find_dependency(nlohmann_json 3.11)
get_filename_component(CELL_SDK_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(CELL_SDK_INCLUDE "${CELL_SDK_PREFIX}/include")
set(CELL_SDK_SOURCES "${CELL_SDK_PREFIX}/share/cell-sdk/src")
include("${CMAKE_CURRENT_LIST_DIR}/CellSDKLibrary.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/CellAddPlugin.cmake")
