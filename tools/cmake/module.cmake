# kiosk_module(cash SOURCES cash.c … DEPENDS base store LIBS PkgConfig::X)
# One folder, one static library kiosk_<name>; include roots are firmware/ and the repository root,
# so each #include names its module.
function(kiosk_module name)
    cmake_parse_arguments(M "" "" "SOURCES;DEPENDS;LIBS" ${ARGN})
    add_library(kiosk_${name} STATIC ${M_SOURCES})
    target_include_directories(kiosk_${name} PUBLIC ${CMAKE_SOURCE_DIR}/firmware ${CMAKE_SOURCE_DIR})
    list(TRANSFORM M_DEPENDS PREPEND kiosk_)
    target_link_libraries(kiosk_${name} PUBLIC ${M_DEPENDS} PRIVATE ${M_LIBS})
endfunction()

# kiosk_test(test_money DEPENDS base LIBS …): a cmocka program, one CTest test of the same name.
function(kiosk_test name)
    cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;DEPENDS;LIBS" ${ARGN})
    if(NOT T_SOURCES)
        set(T_SOURCES ${name}.c)
    endif()
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 60)
    endif()
    add_executable(${name} ${T_SOURCES})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    list(TRANSFORM T_DEPENDS PREPEND kiosk_)
    target_link_libraries(${name} PRIVATE ${T_DEPENDS} PkgConfig::CMOCKA ${T_LIBS})
    target_compile_definitions(${name} PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${T_TIMEOUT} LABELS unit)
endfunction()

# The law of includes and the checks of names belong to every build; deferred to the end of the root
# file, when the interpreter is known and tests are enabled.
function(kiosk_add_checks)
    set(check ${CMAKE_SOURCE_DIR}/tools/check)
    add_custom_target(check_layers ALL
        COMMAND Python3::Interpreter -B ${check}/layers.py
        COMMENT "Checking includes against tools/check/layers.toml" VERBATIM)
    if(GUICHET_TESTS)
        add_test(NAME check_layers COMMAND Python3::Interpreter -B ${check}/layers.py)
        add_test(NAME check_names COMMAND Python3::Interpreter -B ${check}/names.py --report)
        add_test(NAME check_the_checks COMMAND Python3::Interpreter -B ${check}/test_checks.py)
        set_tests_properties(check_layers check_names check_the_checks PROPERTIES LABELS check TIMEOUT 30)
    endif()
endfunction()
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL kiosk_add_checks)
