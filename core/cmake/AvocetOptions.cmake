# SPDX-License-Identifier: GPL-3.0-or-later
# One INTERFACE target that carries warnings, hardening and sanitizers, and the two functions that
# every folder uses.

add_library(avocet_options INTERFACE)
target_compile_options(avocet_options INTERFACE
    -Wall -Wextra -Wpedantic -Wold-style-cast -Woverloaded-virtual -Wconversion -Wno-sign-conversion
    -Wshadow -Wnon-virtual-dtor
    $<$<BOOL:${AVOCET_WERROR}>:-Werror>)
target_compile_definitions(avocet_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_KEYWORDS QT_NO_FOREACH
    QT_DISABLE_DEPRECATED_BEFORE=0x060400)
target_include_directories(avocet_options INTERFACE "${PROJECT_SOURCE_DIR}")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# Some fifty test programs link all of the core: with lld that takes a tenth of the time.
find_program(AVOCET_LLD ld.lld)
if(AVOCET_LLD)
    target_link_options(avocet_options INTERFACE -fuse-ld=lld)
endif()

if(AVOCET_SANITIZE)
    target_compile_options(avocet_options INTERFACE
        -fsanitize=${AVOCET_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    if(AVOCET_SANITIZE_NOT)
        target_compile_options(avocet_options INTERFACE -fno-sanitize=${AVOCET_SANITIZE_NOT})
    endif()
    target_link_options(avocet_options INTERFACE -fsanitize=${AVOCET_SANITIZE})
else()
    target_compile_options(avocet_options INTERFACE
        -fstack-protector-strong -fstack-clash-protection
        $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
    target_link_options(avocet_options INTERFACE -Wl,-z,relro,-z,now)
endif()

# A file costs seconds for the headers that it reads and little for itself, so the libraries are compiled several files at
# a time: a third of the time for all. OFF compiles each file alone, and shows whether it includes what it uses.
option(AVOCET_UNITY "Compile the libraries several files at a time" ON)
if(AVOCET_UNITY)
    # What one .cpp keeps to itself counts as a header's there.
    target_compile_options(avocet_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()

# avocet_moc(name a.cpp b.h): CMake's own way has moc read all of Qt's headers for each of ours and of our tests, for nothing: our
# own say all that it has to know, and it leaves out what it does not find. That took a third of the time of a build. An interface
# of Qt's is declared once more, for moc alone, where something says Q_INTERFACES.
function(avocet_moc name)
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/moc")
    set(headers "")
    set(all "")
    foreach(source ${ARGN})
        get_filename_component(file "${source}" ABSOLUTE)
        get_filename_component(stem "${source}" NAME_WE)
        if(source MATCHES "\\.h$")
            set(output "${folder}/moc_${stem}.cpp")
            list(APPEND headers "${output}")
            string(APPEND all "#include \"moc_${stem}.cpp\"\n")
        else()
            set(output "${folder}/${stem}.moc")
            file(STRINGS "${file}" included REGEX "^#include \"${stem}\\.moc\"")
            if(NOT included)
                continue()
            endif()
            target_sources(${name} PRIVATE "${output}")
            target_include_directories(${name} PRIVATE "${folder}")
        endif()
        add_custom_command(OUTPUT "${output}" DEPENDS "${file}"
            COMMAND Qt6::moc --no-notes "-I${PROJECT_SOURCE_DIR}" "${file}" -o "${output}" VERBATIM)
    endforeach()
    if(headers)
        file(CONFIGURE OUTPUT "${folder}/${name}.cpp" CONTENT "${all}" @ONLY)
        target_sources(${name} PRIVATE "${folder}/${name}.cpp")
        set_source_files_properties("${folder}/${name}.cpp" PROPERTIES
            OBJECT_DEPENDS "${headers}" SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
endfunction()

# avocet_library(model SOURCES a.cpp b.h PUBLIC libs PRIVATE libs [QT_FREE]): the static library avocet_model. QT_FREE: nothing
# in it is for moc.
function(avocet_library name)
    cmake_parse_arguments(ARG "QT_FREE" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(avocet_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(avocet_${name}
        PUBLIC avocet_options ${ARG_PUBLIC}
        PRIVATE ${ARG_PRIVATE})
    set_target_properties(avocet_${name} PROPERTIES UNITY_BUILD ${AVOCET_UNITY} UNITY_BUILD_BATCH_SIZE 8)
    if(ARG_QT_FREE)
        set_target_properties(avocet_${name} PROPERTIES AUTOMOC OFF AUTORCC OFF)
    else()
        avocet_moc(avocet_${name} ${ARG_SOURCES})
    endif()
endfunction()

# All tests whose subject has no Qt: what the tsan preset has to build.
add_custom_target(avocet_qt_free_tests)

# How the programs of the tests are compiled: for one run, so without the optimiser and what hangs on it, and without UBSan in
# the tests themselves. Both take longer over a test than the test runs. What they test is compiled as everywhere.
add_library(avocet_test_options INTERFACE)
target_link_libraries(avocet_test_options INTERFACE avocet_options Qt6::Test)
target_compile_definitions(avocet_test_options INTERFACE AVOCET_SOURCE_ROOT="${PROJECT_SOURCE_DIR}")
# What parts a test from headers that were compiled elsewhere goes: its own folders, which Qt tells it, and that it uses Qt's
# network, of which QtTest asks.
target_compile_options(avocet_test_options INTERFACE
    -UQT_TESTCASE_BUILDDIR -UQT_TESTCASE_SOURCEDIR -UQT_NETWORK_LIB -O0 -U_FORTIFY_SOURCE)
if(AVOCET_SANITIZE)
    target_compile_options(avocet_test_options INTERFACE -fno-sanitize=undefined)
endif()

# avocet_test_headers(name LIBRARIES libs HEADERS headers): headers that most tests of a folder and those below it include,
# compiled once. Reading them took half the time of a test.
function(avocet_test_headers name)
    cmake_parse_arguments(ARG "" "" "LIBRARIES;HEADERS" ${ARGN})
    file(CONFIGURE OUTPUT ${name}.cpp CONTENT "// Nothing but its headers.\n")
    add_library(${name} OBJECT "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
    target_link_libraries(${name} PRIVATE avocet_test_options ${ARG_LIBRARIES})
    target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
    set_target_properties(${name} PROPERTIES AUTOMOC OFF AUTORCC OFF)
    set(AVOCET_TEST_HEADERS ${name} PARENT_SCOPE)
    set(AVOCET_TEST_HEADERS_LIBRARIES ${ARG_LIBRARIES} PARENT_SCOPE)
endfunction()

# avocet_test(MessageReaderTest SOURCES ... LIBRARIES ... [QT_FREE] [LABELS ...] [TIMEOUT s]): a Qt Test program
# named like its file. QT_FREE: what it tests has no Qt, so the tsan preset runs it too.
function(avocet_test name)
    cmake_parse_arguments(ARG "QT_FREE" "TIMEOUT" "SOURCES;LIBRARIES;LABELS" ${ARGN})
    if(AVOCET_SANITIZE STREQUAL "thread" AND NOT ARG_QT_FREE)
        return()
    endif()
    if(NOT ARG_SOURCES)
        set(ARG_SOURCES ${name}.cpp)
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE avocet_test_options ${ARG_LIBRARIES} ${AVOCET_TEST_HEADERS_LIBRARIES})
    target_precompile_headers(${name} REUSE_FROM ${AVOCET_TEST_HEADERS})
    avocet_moc(${name} ${ARG_SOURCES})
    if(ARG_QT_FREE)
        add_dependencies(avocet_qt_free_tests ${name})
    endif()
    add_test(NAME ${name} COMMAND ${name})
    # The engine of the HTML view deletes some of its objects by the size of a base class. QtTest's own watch over functions takes
    # several short ones for one on a busy machine; ctest's holds.
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;AVOCET_SOURCE_DIR=${PROJECT_SOURCE_DIR};LC_ALL=C.UTF-8;QTEST_FUNCTION_TIMEOUT=3600000;TSAN_OPTIONS=ignore_noninstrumented_modules=1 halt_on_error=1;ASAN_OPTIONS=detect_leaks=1 new_delete_type_mismatch=0;LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/lsan.supp")
endfunction()
