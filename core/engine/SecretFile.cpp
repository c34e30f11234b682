// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/SecretFile.h"

#include "core/engine/SystemError.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace avocet {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view magic = "AVS1";
constexpr std::size_t keyBytes = 32;
constexpr std::size_t nonceBytes = 12;
constexpr std::size_t tagBytes = 16;
constexpr std::size_t maxSecretBytes = 64 * 1024;
constexpr std::size_t maxFileBytes = 4 * 1024 * 1024;

/// Text that is overwritten before its memory goes back.
class Wiped {
public:
    explicit Wiped(std::string text)
        : m_text(std::move(text))
    {
    }
    ~Wiped() { OPENSSL_cleanse(m_text.data(), m_text.size()); }
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

class Descriptor {
public:
    explicit Descriptor(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    ~Descriptor()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int value() const { return m_descriptor; }
    explicit operator bool() const { return m_descriptor >= 0; }

private:
    int m_descriptor;
};

tl::unexpected<Error> noPassword(std::string detail)
{
    return fail(ErrorKind::Auth, std::move(detail), ErrorCode::NoPassword);
}

/// Empty where there is no such file. Storage for anything else that is in the way.
Result<std::string> readFile(const fs::path& file)
{
    const Descriptor input(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!input) {
        if (errno == ENOENT)
            return std::string{};
        return systemError("cannot read " + file.filename().string(), errno);
    }
    std::string content;
    char buffer[4096];
    for (;;) {
        const ssize_t count = ::read(input.value(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError("cannot read " + file.filename().string(), errno);
        if (count == 0)
            break;
        content.append(buffer, static_cast<std::size_t>(count));
        if (content.size() > maxFileBytes)
            return noPassword(file.filename().string() + " is damaged: too long");
    }
    OPENSSL_cleanse(buffer, sizeof buffer);
    return content;
}

Status writeAll(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return systemError("cannot write the secrets", errno);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

/// After any crash there is the old file or the new one.
Status replaceFile(const fs::path& file, std::string_view content)
{
    fs::path temporary = file;
    temporary += ".new";
    ::unlink(temporary.c_str());
    {
        const Descriptor output(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!output)
            return systemError("cannot create " + temporary.filename().string(), errno);
        Status written = writeAll(output.value(), content);
        if (written && ::fsync(output.value()) != 0)
            written = systemError("cannot write the secrets", errno);
        if (!written) {
            ::unlink(temporary.c_str());
            return written;
        }
    }
    if (::rename(temporary.c_str(), file.c_str()) != 0)
        return systemError("cannot replace " + file.filename().string(), errno);
    const Descriptor directory(
        ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || ::fsync(directory.value()) != 0)
        return systemError("cannot write the profile's folder", errno);
    return {};
}

template <class Number>
void appendNumber(std::string& bytes, Number value)
{
    const auto number = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        bytes += static_cast<char>(number >> (8 * i));
}

/// Takes from the front; false where there is not enough.
class Cursor {
public:
    explicit Cursor(std::string_view bytes)
        : m_bytes(bytes)
    {
    }

    bool atEnd() const { return m_bytes.empty(); }
    bool take(std::size_t count, std::string& into)
    {
        if (count > m_bytes.size())
            return false;
        into = m_bytes.substr(0, count);
        m_bytes.remove_prefix(count);
        return true;
    }
    template <class Number>
    bool takeNumber(Number& number)
    {
        std::string bytes;
        if (!take(sizeof(Number), bytes))
            return false;
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < sizeof(Number); ++i)
            value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
        number = static_cast<Number>(value);
        return true;
    }

private:
    std::string_view m_bytes;
};

std::string associated(std::int64_t account)
{
    return "avocet secret of account " + std::to_string(account);
}

const unsigned char* bytes(const std::string& text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

bool encrypt(const std::string& key, const std::string& nonce, std::int64_t account,
             const std::string& secret, std::string& ciphertext, std::string& tag)
{
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    const std::string header = associated(account);
    int length = 0;
    ciphertext.resize(secret.size());
    tag.resize(tagBytes);
    return cipher &&
           EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key), bytes(nonce)) &&
           EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytes(header),
                             static_cast<int>(header.size())) &&
           EVP_EncryptUpdate(cipher.get(), bytes(ciphertext), &length, bytes(secret),
                             static_cast<int>(secret.size())) &&
           EVP_EncryptFinal_ex(cipher.get(), bytes(ciphertext) + length, &length) &&
           EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tagBytes, tag.data());
}

bool decrypt(const std::string& key, const std::string& nonce, std::int64_t account,
             const std::string& ciphertext, std::string tag, std::string& secret)
{
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    const std::string header = associated(account);
    int length = 0;
    secret.resize(ciphertext.size());
    const bool sound =
        cipher &&
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key), bytes(nonce)) &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytes(header),
                          static_cast<int>(header.size())) &&
        EVP_DecryptUpdate(cipher.get(), bytes(secret), &length, bytes(ciphertext),
                          static_cast<int>(ciphertext.size())) &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tagBytes, tag.data()) &&
        EVP_DecryptFinal_ex(cipher.get(), bytes(secret) + length, &length);
    if (!sound)
        OPENSSL_cleanse(secret.data(), secret.size()); // was written before it was authenticated
    return sound;
}

} // namespace

SecretFile::SecretFile(fs::path directory)
    : m_directory(std::move(directory))
{
}

Result<SecretFile::Entries> SecretFile::load() const
{
    const Result<std::string> content = readFile(m_directory / "secrets");
    if (!content)
        return tl::unexpected<Error>(content.error());
    Entries entries;
    if (content->empty())
        return entries;
    Cursor cursor(*content);
    std::string start;
    if (!cursor.take(magic.size(), start) || start != magic)
        return noPassword("the secrets file is damaged: not in its format");
    while (!cursor.atEnd()) {
        Entry entry;
        std::uint32_t length = 0;
        if (!cursor.takeNumber(entry.account) || !cursor.take(nonceBytes, entry.nonce) ||
            !cursor.takeNumber(length) || length > maxSecretBytes ||
            !cursor.take(length, entry.ciphertext) || !cursor.take(tagBytes, entry.tag))
            return noPassword("the secrets file is damaged: cut off");
        entries.push_back(std::move(entry));
    }
    return entries;
}

Status SecretFile::store(const Entries& entries) const
{
    std::string content(magic);
    for (const Entry& entry : entries) {
        appendNumber(content, entry.account);
        content += entry.nonce;
        appendNumber(content, static_cast<std::uint32_t>(entry.ciphertext.size()));
        content += entry.ciphertext;
        content += entry.tag;
    }
    return replaceFile(m_directory / "secrets", content);
}

Result<std::string> SecretFile::key() const
{
    Result<std::string> key = readFile(m_directory / "secrets.key");
    if (key && key->size() != keyBytes)
        return noPassword(key->empty() ? "the secrets' key is missing"
                                       : "the secrets' key is damaged");
    return key;
}

Result<std::string> SecretFile::keyOrNew() const
{
    Result<std::string> known = key();
    if (known || known.error().kind != ErrorKind::Auth)
        return known;
    std::string fresh(keyBytes, '\0');
    if (RAND_bytes(bytes(fresh), static_cast<int>(keyBytes)) != 1)
        return fail(ErrorKind::Storage, "no random numbers for a key");
    if (Status stored = replaceFile(m_directory / "secrets.key", fresh); !stored)
        return tl::unexpected<Error>(stored.error());
    return fresh;
}

Status SecretFile::write(AccountId account, const std::string& secret)
{
    if (secret.size() > maxSecretBytes)
        return fail(ErrorKind::Rejected, "the password is too long", ErrorCode::TooLarge);
    Result<Entries> entries = load();
    if (!entries && entries.error().kind != ErrorKind::Auth)
        return tl::unexpected<Error>(entries.error());
    // With another key the old entries are as unreadable as a broken file.
    const bool keyIsGone = !key();
    if (!entries || (keyIsGone && !entries->empty())) {
        if (::rename((m_directory / "secrets").c_str(),
                     (m_directory / "secrets.damaged").c_str()) != 0)
            return systemError("cannot set the damaged secrets aside", errno);
        entries = Entries{};
    }
    Result<std::string> keyText = keyOrNew();
    if (!keyText)
        return tl::unexpected<Error>(keyText.error());
    const Wiped secretKey(std::move(*keyText));

    Entry entry;
    entry.account = account.value;
    entry.nonce.resize(nonceBytes);
    if (RAND_bytes(bytes(entry.nonce), static_cast<int>(nonceBytes)) != 1 ||
        !encrypt(secretKey.text(), entry.nonce, account.value, secret, entry.ciphertext, entry.tag))
        return fail(ErrorKind::Storage, "the password could not be encrypted");
    std::erase_if(*entries, [&](const Entry& old) { return old.account == account.value; });
    entries->push_back(std::move(entry));
    return store(*entries);
}

Result<std::string> SecretFile::read(AccountId account) const
{
    const Result<Entries> entries = load();
    if (!entries)
        return tl::unexpected<Error>(entries.error());
    for (const Entry& entry : *entries) {
        if (entry.account != account.value)
            continue;
        Result<std::string> keyText = key();
        if (!keyText)
            return keyText;
        const Wiped secretKey(std::move(*keyText));
        std::string secret;
        if (!decrypt(secretKey.text(), entry.nonce, entry.account, entry.ciphertext, entry.tag,
                     secret))
            return noPassword("the secrets file is damaged, or its key is another's");
        return secret;
    }
    return noPassword("the secrets file has no password for this account");
}

Status SecretFile::remove(AccountId account)
{
    Result<Entries> entries = load();
    if (!entries) {
        // Nothing in it can be read, so nothing of this account is left to be removed.
        if (entries.error().kind == ErrorKind::Auth)
            return {};
        return tl::unexpected<Error>(entries.error());
    }
    if (std::erase_if(*entries, [&](const Entry& old) { return old.account == account.value; }) ==
        0)
        return {};
    return store(*entries);
}

} // namespace avocet
