// SPDX-License-Identifier: GPL-3.0-or-later
// Binding, reading and keeping statements: what every store would repeat otherwise.
#pragma once

#include "core/model/Ids.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace avocet::sql {

/// Bytes for a BLOB column; must outlive the execution.
struct Blob {
    std::string_view bytes;
};
/// Text that is NULL where it is empty; must outlive the execution.
struct NullIfEmpty {
    const std::string& text;
};

template <std::integral Number>
void bind(SQLite::Statement& statement, int index, Number value)
{
    statement.bind(index, static_cast<std::int64_t>(value));
}

template <class Tag>
void bind(SQLite::Statement& statement, int index, Id<Tag> id)
{
    statement.bind(index, id.value);
}

inline void bind(SQLite::Statement& statement, int index, const std::string& text)
{
    statement.bindNoCopy(index, text);
}

inline void bind(SQLite::Statement& statement, int index, const char* text)
{
    statement.bind(index, text);
}

inline void bind(SQLite::Statement& statement, int index, Blob blob)
{
    // A null pointer would bind NULL.
    statement.bindNoCopy(index, blob.bytes.empty() ? "" : blob.bytes.data(),
                         static_cast<int>(blob.bytes.size()));
}

inline void bind(SQLite::Statement& statement, int index, NullIfEmpty value)
{
    if (value.text.empty())
        statement.bind(index);
    else
        statement.bindNoCopy(index, value.text);
}

/// NULL for "none", so that a foreign key is not looked for.
template <class Tag>
struct NullIfNone {
    Id<Tag> id;
};
template <class Tag>
NullIfNone(Id<Tag>) -> NullIfNone<Tag>;

template <class Tag>
void bind(SQLite::Statement& statement, int index, NullIfNone<Tag> value)
{
    if (value.id)
        statement.bind(index, value.id.value);
    else
        statement.bind(index);
}

/// Binds parameters 1.. in order. Text is not copied: it lives until the statement has run.
template <class... Values>
void bindAll(SQLite::Statement& statement, const Values&... values)
{
    int index = 0;
    (bind(statement, ++index, values), ...);
}

/// Prepares, binds and runs a statement that returns no row; the number of rows changed.
template <class... Values>
int run(SQLite::Database& database, const char* text, const Values&... values)
{
    SQLite::Statement statement(database, text);
    bindAll(statement, values...);
    return statement.exec();
}

/// A statement that is prepared at its first use and kept. Use it through begin().
class Kept {
public:
    explicit Kept(std::string text)
        : m_text(std::move(text))
    {
    }

    /// Resets on destruction: a statement left in the middle of its rows would hold a snapshot of
    /// the database and keep the write-ahead log from being taken in.
    class Run {
    public:
        explicit Run(SQLite::Statement& statement)
            : m_statement(statement)
        {
        }
        ~Run() { m_statement.tryReset(); }
        Run(const Run&) = delete;
        Run& operator=(const Run&) = delete;

        bool step() { return m_statement.executeStep(); }
        std::int64_t number(int column) { return m_statement.getColumn(column).getInt64(); }
        std::uint32_t number32(int column)
        {
            return static_cast<std::uint32_t>(m_statement.getColumn(column).getInt64());
        }
        std::string text(int column) { return m_statement.getColumn(column).getString(); }

    private:
        SQLite::Statement& m_statement;
    };

    template <class... Values>
    Run begin(SQLite::Database& database, const Values&... values)
    {
        SQLite::Statement& statement = prepared(database);
        bindAll(statement, values...);
        return Run(statement);
    }

    /// Runs it to its end, for statements without rows.
    template <class... Values>
    void run(SQLite::Database& database, const Values&... values)
    {
        begin(database, values...).step();
    }

private:
    SQLite::Statement& prepared(SQLite::Database& database)
    {
        if (!m_statement)
            m_statement = std::make_unique<SQLite::Statement>(database, m_text);
        return *m_statement;
    }

    std::string m_text;
    std::unique_ptr<SQLite::Statement> m_statement;
};

/// Empty parts and parts that hold the separator are left out: no Message-ID and no keyword may hold a
/// line feed or a space.
std::string joined(const std::vector<std::string>& parts, char separator);
std::vector<std::string> split(std::string_view text, char separator);

} // namespace avocet::sql
