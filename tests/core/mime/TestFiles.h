// SPDX-License-Identifier: GPL-3.0-or-later
// What the reader's tests share: files of the source tree and tables of cases.
#pragma once

#include <QByteArray>
#include <QFile>
#include <QList>
#include <QString>

#include <string>

namespace avocet::test {

inline QString sourcePath(const QString& path)
{
    QString root = qEnvironmentVariable("AVOCET_SOURCE_DIR");
    if (root.isEmpty())
        root = QStringLiteral(AVOCET_SOURCE_ROOT);
    return root + QLatin1Char('/') + path;
}

inline QByteArray fileBytes(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Undoes \n \t \r \0 \\ \xHH as the tables write them.
inline QByteArray unescaped(const QByteArray& text)
{
    QByteArray result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 >= text.size()) {
            result += text[i];
            continue;
        }
        const char c = text[++i];
        if (c == 'x' && i + 2 < text.size()) {
            result += static_cast<char>(text.mid(i + 1, 2).toInt(nullptr, 16));
            i += 2;
        } else {
            result += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == '0' ? '\0' : c;
        }
    }
    return result;
}

/// Rows of tab-separated cells, still escaped; empty lines and comments left out.
inline QList<QList<QByteArray>> tableRows(const QString& path)
{
    QList<QList<QByteArray>> rows;
    for (const QByteArray& line : fileBytes(sourcePath(path)).split('\n'))
        if (!line.isEmpty() && !line.startsWith('#'))
            rows.append(line.split('\t'));
    return rows;
}

inline std::string toStd(const QByteArray& bytes)
{
    return bytes.toStdString();
}

} // namespace avocet::test
