// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of this folder share: options for a scripted server, and the question whether a
// password got out.
#pragma once

#include "core/protocol/Connection.h"
#include "core/protocol/Redaction.h"
#include "tests/support/ScriptedServer.h"

#include <QTest>
#include <string>

namespace avocet::test {

inline Credentials credentials()
{
    return {"anna", "s3cret-Passw0rd", ""};
}

/// Neither the password nor any base64 form of it.
inline bool heldBack(const std::string& bytes)
{
    return SecretScrubber(credentials()).scrub(bytes) == bytes &&
           bytes.find(credentials().password) == std::string::npos;
}

inline ConnectOptions optionsFor(const ScriptedServer& server, Security security = Security::Plain,
                                 const std::string& caFile = {})
{
    ConnectOptions options;
    options.server = {security, "localhost", server.port()};
    options.caFile = caFile;
    options.connectTimeout = std::chrono::seconds(5);
    options.ioTimeout = std::chrono::seconds(5);
    return options;
}

/// "kind/code: detail", for messages of failed comparisons.
template <class T>
std::string describe(const Result<T>& result)
{
    if (result)
        return "success";
    return std::to_string(static_cast<int>(result.error().kind)) + "/" +
           std::to_string(static_cast<int>(result.error().code)) + ": " + result.error().detail +
           " | " + result.error().serverText;
}

} // namespace avocet::test

#define VERIFY_RESULT(result)                                                                      \
    do {                                                                                           \
        const auto& got_ = (result);                                                               \
        QVERIFY2(got_.has_value(), avocet::test::describe(got_).c_str());                          \
    } while (false)
#define VERIFY_ERROR(result, expectedKind, expectedCode)                                           \
    do {                                                                                           \
        const auto& got_ = (result);                                                               \
        QVERIFY2(!got_.has_value(), "succeeded");                                                  \
        QVERIFY2(got_.error().kind == (expectedKind) && got_.error().code == (expectedCode),       \
                 avocet::test::describe(got_).c_str());                                            \
    } while (false)
#define VERIFY_SCRIPT(server)                                                                      \
    do {                                                                                           \
        (server).finish();                                                                         \
        const std::string problem = (server).problem();                                            \
        QVERIFY2(problem.empty(), problem.c_str());                                                \
    } while (false)
