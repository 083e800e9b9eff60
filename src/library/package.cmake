# What is installed: include/innkeeper, one archive, and the words for find_package and pkg-config.
#
# The archive holds the objects of the library and of every module below it, so that an outside program links one file
# of ours. The client libraries that it needs beside are named once, here; tests/package fails where one is missing.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(INNKEEPER_NEEDS
    libcrypto zlib libdeflate re2 libpcre2-8 yaml-cpp libcurl libarchive lmdb sqlite3 libsodium libcrypt)
pkg_check_modules(INNKEEPER_NEEDS REQUIRED QUIET IMPORTED_TARGET ${INNKEEPER_NEEDS})

# Fills `result` with the targets of our modules that `target` stands on, itself among them.
function(innkeeper_modules_below target result)
  set(found ${${result}})
  get_target_property(real ${target} ALIASED_TARGET)
  if(NOT real)
    set(real ${target})
  endif()
  if(NOT real IN_LIST found)
    list(APPEND found ${real})
    get_target_property(below ${real} LINK_LIBRARIES)
    foreach(name IN LISTS below)
      if(name MATCHES "^innkeeper::")
        innkeeper_modules_below(${name} found)
      endif()
    endforeach()
  endif()
  set(${result} ${found} PARENT_SCOPE)
endfunction()

innkeeper_modules_below(innkeeper_library modules)
list(TRANSFORM modules REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE objects)
add_library(innkeeper_package STATIC ${objects})
add_library(innkeeper::innkeeper ALIAS innkeeper_package)
set_target_properties(innkeeper_package PROPERTIES OUTPUT_NAME innkeeper EXPORT_NAME innkeeper LINKER_LANGUAGE CXX)
target_compile_features(innkeeper_package INTERFACE cxx_std_20)
target_include_directories(innkeeper_package INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                                       $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(innkeeper_package PUBLIC Threads::Threads PRIVATE PkgConfig::INNKEEPER_NEEDS)

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/innkeeper")
configure_package_config_file(innkeeperConfig.cmake.in innkeeperConfig.cmake INSTALL_DESTINATION "${package_folder}")
write_basic_package_version_file(innkeeperConfigVersion.cmake COMPATIBILITY SameMinorVersion)
# From the folder of the .pc file up to the prefix, so that an installed tree may be moved.
file(RELATIVE_PATH up_to_prefix "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
list(JOIN INNKEEPER_NEEDS ", " needs_of_pkg_config)
configure_file(innkeeper.pc.in innkeeper.pc @ONLY)

install(TARGETS innkeeper_package EXPORT innkeeperTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(EXPORT innkeeperTargets NAMESPACE innkeeper:: DESTINATION "${package_folder}")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/innkeeperConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/innkeeperConfigVersion.cmake" DESTINATION "${package_folder}")
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/innkeeper.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/NOTICE"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/innkeeper")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/innkeeper" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
