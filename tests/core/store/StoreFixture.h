// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of the stores share: a fresh folder, opened databases, sample values.
#pragma once

#include "core/store/AccountStore.h"
#include "core/store/Database.h"
#include "core/store/FolderStore.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <memory>
#include <string>

namespace avocet::test {

/// Fails the test with the error's own words.
#define VERIFY_RESULT(result)                                                                      \
    do {                                                                                           \
        if (!(result))                                                                             \
            QFAIL((result).error().detail.c_str());                                                \
    } while (false)

#define VERIFY_FAILS(result, expectedKind, expectedCode)                                           \
    do {                                                                                           \
        QVERIFY2(!(result), "it did not fail");                                                    \
        QCOMPARE(static_cast<int>((result).error().kind), static_cast<int>(expectedKind));         \
        QCOMPARE(static_cast<int>((result).error().code), static_cast<int>(expectedCode));         \
    } while (false)

class Folders {
public:
    std::filesystem::path path(const std::string& name) const
    {
        return std::filesystem::path(m_directory.path().toStdString()) / name;
    }
    std::filesystem::path path() const { return m_directory.path().toStdString(); }

private:
    QTemporaryDir m_directory;
};

inline Account sampleAccount()
{
    Account account;
    account.fullName = "Zoë Ångström";
    account.email = "zoe@example.org";
    account.user = "zoe";
    account.imap = {Security::Tls, "imap.example.org", 993};
    account.smtp = {Security::StartTls, "smtp.example.org", 587};
    account.caFile = "/etc/ssl/private-ca.pem";
    account.pins = {"imap.example.org:993=00ff", "[::1]:993=aa11"};
    account.secretPlace = SecretPlace::File;
    return account;
}

inline Folder sampleFolder(const std::string& mailbox, FolderRole role = FolderRole::None)
{
    Folder folder;
    folder.mailbox = folder.path = mailbox;
    folder.delimiter = '/';
    folder.role = role;
    return folder;
}

/// Adds one folder to what account 1 has; its id, or none.
inline FolderId addFolder(Database& mail, const std::string& mailbox,
                          AccountId account = AccountId{1})
{
    FolderStore store(mail);
    auto listed = store.ofAccount(account);
    if (!listed)
        return {};
    listed->push_back(sampleFolder(mailbox));
    if (!store.replaceAll(account, *listed))
        return {};
    const auto folder = store.findByMailbox(account, mailbox);
    return folder ? folder->id : FolderId{};
}

} // namespace avocet::test
