// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the SSL object of one connection and judges the peer's certificate. Internal: OpenSSL types.
#pragma once

#include "core/model/Error.h"
#include "core/protocol/Connection.h"

#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <vector>

namespace avocet {

struct SslDeleter {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

/// Lives as long as its connection: the verify callback writes its verdict here.
class TlsHandshake {
public:
    /// A client SSL over `fd`, ready for SSL_connect.
    static Result<std::unique_ptr<TlsHandshake>> create(const ConnectOptions& options, int fd);

    SSL* ssl() const { return m_ssl.get(); }
    /// Why SSL_connect failed: the certificate's verdict, else TlsHandshake.
    Error failure() const;

private:
    explicit TlsHandshake(const ConnectOptions& options);
    static int verify(X509_STORE_CTX* store, void* self);
    void judge(X509_STORE_CTX* store, const std::string& fingerprint);

    std::string m_host;
    std::vector<std::string> m_pins;
    Error m_verdict;
    bool m_refused = false;
    std::unique_ptr<SSL_CTX, SslDeleter> m_context;
    std::unique_ptr<SSL, SslDeleter> m_ssl;
};

/// The queue of OpenSSL's errors as one line; empties it.
std::string drainSslErrors();

} // namespace avocet
