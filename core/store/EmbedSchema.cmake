# SPDX-License-Identifier: GPL-3.0-or-later
# Run by cmake -P: writes OUTPUT, a C++ file that holds the SQL of each schema, in the order of their numbers.
# Arguments: OUTPUT, SOURCE (the schema folder), and USER, MAIL, BODIES (file names, comma-separated).
set(content "// Generated from core/store/schema.\n#include \"core/store/Migrations.h\"\n\n#include <array>\n\nnamespace avocet {\n\nnamespace {\n\n")
foreach(schema user mail bodies)
    string(TOUPPER ${schema} argument)
    string(REPLACE "," ";" files "${${argument}}")
    list(LENGTH files count)
    string(APPEND content "constexpr std::array<const char*, ${count}> ${schema}Steps{\n")
    foreach(file ${files})
        file(READ "${SOURCE}/${schema}/${file}" sql)
        string(APPEND content "R\"sql(${sql})sql\",\n")
    endforeach()
    string(APPEND content "};\n\n")
endforeach()
string(APPEND content "} // namespace\n\nstd::span<const char* const> migrations(Schema schema)\n{\n    switch (schema) {\n    case Schema::User:\n        return userSteps;\n    case Schema::Mail:\n        return mailSteps;\n    case Schema::Bodies:\n        return bodiesSteps;\n    }\n    return {};\n}\n\n} // namespace avocet\n")
file(WRITE "${OUTPUT}" "${content}")
