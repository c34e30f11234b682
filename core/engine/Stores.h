// SPDX-License-Identifier: GPL-3.0-or-later
// The three databases of a profile with their stores, opened together for writing.
#pragma once

#include "core/store/AccountStore.h"
#include "core/store/AnswerStore.h"
#include "core/store/BodyBudgetStore.h"
#include "core/store/BodyStore.h"
#include "core/store/ContactStore.h"
#include "core/store/CorrespondentStore.h"
#include "core/store/Database.h"
#include "core/store/DraftStore.h"
#include "core/store/FolderRemoval.h"
#include "core/store/FolderStore.h"
#include "core/store/FolderWindowStore.h"
#include "core/store/MessageLists.h"
#include "core/store/MessageStore.h"
#include "core/store/OperationStore.h"
#include "core/store/OutboxPolicy.h"
#include "core/store/OutboxStore.h"
#include "core/store/ReportStore.h"
#include "core/store/SearchIndex.h"
#include "core/store/TemplateStore.h"
#include "core/store/ThreadFolders.h"
#include "core/store/TrustStore.h"

#include <filesystem>
#include <memory>

namespace avocet {

std::filesystem::path userDatabase(const std::filesystem::path& profile);
std::filesystem::path mailDatabase(const std::filesystem::path& profile);
std::filesystem::path bodiesDatabase(const std::filesystem::path& profile);

/// Thread: the one that opened it (the engine thread is the only writer).
struct Stores {
    static Result<std::unique_ptr<Stores>> open(const std::filesystem::path& profile,
                                                Access access);

    std::unique_ptr<Database> user, mail, bodyFile;
    AccountStore accounts{*user};
    OutboxStore outbox{*user};
    OutboxPolicy outboxPolicy{*user};
    OperationStore operations{*user};
    DraftStore drafts{*user};
    FolderWindowStore windows{*user};
    BodyBudgetStore budgets{*user};
    TrustStore trust{*user};
    AnswerStore answers{*user};
    ContactStore contacts{*user};
    TemplateStore templates{*user};
    FolderStore folders{*mail};
    FolderRemoval removal{*mail};
    MessageStore messages{*mail};
    MessageLists lists{*mail};
    ThreadFolders threads{*mail};
    SearchIndex search{*mail};
    ReportStore reports{*mail};
    CorrespondentStore correspondents{*mail};
    BodyStore bodies{*bodyFile};
};

/// Removes up to `limit` bodies whose message is gone; false: there is none left.
Result<bool> removeLeftBodies(Stores& stores, int limit);

} // namespace avocet
