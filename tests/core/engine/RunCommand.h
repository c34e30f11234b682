// SPDX-License-Identifier: GPL-3.0-or-later
// A command as a call: what every test of the whole engine needs.
#pragma once

#include "core/engine/MailEngine.h"

#include <QTest>

namespace avocet::test {

/// The reply, or Timeout after a minute without one.
inline Result<QJsonObject> runCommand(MailEngine& engine, Command command)
{
    Result<QJsonObject> result = fail(ErrorKind::Timeout, "no reply");
    bool done = false;
    RequestId request;
    const auto connection =
        QObject::connect(&engine, &MailEngine::finished, &engine,
                         [&](RequestId finished, const Result<QJsonObject>& reply) {
                             if (finished != request)
                                 return;
                             result = reply;
                             done = true;
                         });
    request = engine.submit(std::move(command));
    (void)QTest::qWaitFor([&] { return done; }, 60'000);
    QObject::disconnect(connection);
    return result;
}

} // namespace avocet::test
