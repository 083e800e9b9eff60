# How a module, a test and a benchmark are declared: one function each, so that every folder reads alike.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(INNKEEPER_CCACHE ccache)
if(INNKEEPER_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${INNKEEPER_CCACHE}")
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

add_library(innkeeper_warnings INTERFACE)
target_compile_options(innkeeper_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                    -Wnon-virtual-dtor -Woverloaded-virtual
                                                    # designated initialisers leave defaults out on purpose
                                                    -Wno-missing-field-initializers)

# innkeeper_module(NAME SOURCES a.cc … [DEPENDS innkeeper::base …] [USES PkgConfig::X …])
#
# A static library `innkeeper_NAME`, aliased `innkeeper::NAME`. DEPENDS are modules below it (part of its
# interface), USES are third-party libraries (private: their headers stay inside the module).
function(innkeeper_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;USES" ${ARGN})
  add_library(innkeeper_${name} STATIC ${ARG_SOURCES})
  add_library(innkeeper::${name} ALIAS innkeeper_${name})
  target_include_directories(innkeeper_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src"
                                                      "${PROJECT_SOURCE_DIR}/include")
  target_link_libraries(innkeeper_${name} PUBLIC ${ARG_DEPENDS} Threads::Threads
                                          PRIVATE ${ARG_USES} $<BUILD_INTERFACE:innkeeper_warnings>)
endfunction()

# innkeeper_test(NAME SOURCES a_test.cc … LIBRARIES innkeeper::codec …)
#
# One GoogleTest program, each of its cases a test of ctest named NAME.Suite.Case.
function(innkeeper_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gtest GTest::gtest_main
                                        $<BUILD_INTERFACE:innkeeper_warnings>)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests" "${PROJECT_SOURCE_DIR}")
  target_compile_definitions(${name} PRIVATE INNKEEPER_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
  include(GoogleTest)
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300)
endfunction()

# innkeeper_benchmark(NAME SOURCES a_bench.cc … LIBRARIES innkeeper::codec …)
function(innkeeper_benchmark name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  find_package(benchmark REQUIRED)
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} benchmark::benchmark benchmark::benchmark_main
                                        $<BUILD_INTERFACE:innkeeper_warnings>)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
endfunction()

# innkeeper_fuzz(NAME SOURCES a_fuzz.cc LIBRARIES … [CORPUS folder])
#
# Under the fuzz preset a libFuzzer program; otherwise the same body replays its corpus as one test.
function(innkeeper_fuzz name)
  cmake_parse_arguments(ARG "" "CORPUS" "SOURCES;LIBRARIES" ${ARGN})
  if(INNKEEPER_FUZZ)
    add_executable(${name} ${ARG_SOURCES})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${name} ${ARG_SOURCES} "${PROJECT_SOURCE_DIR}/fuzz/replay.cc")
    add_test(NAME ${name}.replay COMMAND ${name} "${PROJECT_SOURCE_DIR}/fuzz/corpus/${ARG_CORPUS}")
    set_tests_properties(${name}.replay PROPERTIES TIMEOUT 300)
  endif()
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} $<BUILD_INTERFACE:innkeeper_warnings>)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
endfunction()
