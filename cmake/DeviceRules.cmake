# uap-core's rules for src/device: a pinned package from the registry, made into a C++ table.
#
# The package is fetched once with pip into build/downloads, which every preset shares, and is used
# only if its SHA-256 is the one below. A later version is taken by changing both lines (the command
# that tells the hash: python3 -m pip hash FILE) and running tests/unit/device: see
# docs/decisions/0004-uap-core-rules.md. Without a network: -DINNKEEPER_DEVICE_RULES_PACKAGE=FILE.

set(INNKEEPER_DEVICE_RULES_VERSION 202610)
set(INNKEEPER_DEVICE_RULES_SHA256
    ed4b7c4c665323a5f4b2f118af86369412a9bb92e349a120f58f210127e30586)
set(INNKEEPER_DEVICE_RULES_PACKAGE "" CACHE FILEPATH
    "ua-parser-builtins as a wheel on this machine; empty: fetched with pip")

find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

# Sets `variable` to a Python that has pip: the machine's, or that of a virtual environment in the
# build tree (Debian's python3 has no pip of its own, python3-venv brings one).
function(innkeeper_find_pip variable)
  execute_process(COMMAND "${Python3_EXECUTABLE}" -m pip --version
                  RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
  set(python "${Python3_EXECUTABLE}")
  if(NOT status EQUAL 0)
    execute_process(COMMAND "${Python3_EXECUTABLE}" -m venv "${CMAKE_BINARY_DIR}/device_rules/venv"
                    OUTPUT_QUIET ERROR_QUIET)
    set(python "${CMAKE_BINARY_DIR}/device_rules/venv/bin/python")
  endif()
  set(${variable} "${python}" PARENT_SCOPE)
endfunction()

# Fetches the package into `target`; other configurations may be doing the same, so it comes to its
# place by one rename.
function(innkeeper_fetch_device_rules target)
  get_filename_component(name "${target}" NAME)
  set(scratch "${CMAKE_BINARY_DIR}/device_rules")
  message(STATUS "Fetching ua-parser-builtins ${INNKEEPER_DEVICE_RULES_VERSION} (uap-core's rules)")
  innkeeper_find_pip(python)
  execute_process(
    COMMAND "${python}" -m pip --disable-pip-version-check download --quiet --no-deps
            --only-binary :all: --dest "${scratch}"
            "ua-parser-builtins==${INNKEEPER_DEVICE_RULES_VERSION}"
    RESULT_VARIABLE status ERROR_VARIABLE reason OUTPUT_VARIABLE reason)
  if(NOT status EQUAL 0 OR NOT EXISTS "${scratch}/${name}")
    message(FATAL_ERROR
      "The device rules (Python package ua-parser-builtins ${INNKEEPER_DEVICE_RULES_VERSION}) could "
      "not be fetched with `${python} -m pip download`: ${status}\n${reason}\n"
      "Install pip (Debian: apt-get install python3-venv) and connect to the package registry, or "
      "give the wheel: -DINNKEEPER_DEVICE_RULES_PACKAGE=${name}")
  endif()
  get_filename_component(folder "${target}" DIRECTORY)
  file(MAKE_DIRECTORY "${folder}")
  file(RENAME "${scratch}/${name}" "${target}")
endfunction()

# innkeeper_device_rules(VARIABLE): sets VARIABLE to the C++ file that will hold the table.
function(innkeeper_device_rules variable)
  set(package "${INNKEEPER_DEVICE_RULES_PACKAGE}")
  if(NOT package)
    set(package "${PROJECT_SOURCE_DIR}/build/downloads/ua_parser_builtins-${INNKEEPER_DEVICE_RULES_VERSION}-py3-none-any.whl")
    if(NOT EXISTS "${package}")
      innkeeper_fetch_device_rules("${package}")
    endif()
  endif()
  if(NOT EXISTS "${package}")
    message(FATAL_ERROR "INNKEEPER_DEVICE_RULES_PACKAGE names ${package}, which is not there")
  endif()
  file(SHA256 "${package}" digest)
  if(NOT digest STREQUAL INNKEEPER_DEVICE_RULES_SHA256)
    message(FATAL_ERROR
      "${package} is not the pinned ua-parser-builtins ${INNKEEPER_DEVICE_RULES_VERSION}: its "
      "SHA-256 is ${digest}, not ${INNKEEPER_DEVICE_RULES_SHA256}. Remove it and configure again.")
  endif()
  set(table "${CMAKE_CURRENT_BINARY_DIR}/built_in_rules.cc")
  set(script "${PROJECT_SOURCE_DIR}/tools/device_rules.py")
  add_custom_command(
    OUTPUT "${table}"
    COMMAND "${Python3_EXECUTABLE}" "${script}" "${package}" "${table}"
    DEPENDS "${script}" "${package}"
    COMMENT "Making the table of device rules"
    VERBATIM)
  set(${variable} "${table}" PARENT_SCOPE)
endfunction()
