// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/TlsHandshake.h"

#include "core/protocol/CertificateCheck.h"
#include "core/protocol/HostConnector.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

namespace avocet {
namespace {

constexpr std::size_t readAhead = 65'536;

std::string sha256Of(X509* certificate)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (!certificate || X509_digest(certificate, EVP_sha256(), digest, &length) != 1)
        return {};
    static constexpr char hex[] = "0123456789abcdef";
    std::string result;
    for (unsigned int i = 0; i < length; ++i) {
        result += hex[digest[i] >> 4];
        result += hex[digest[i] & 15];
    }
    return result;
}

std::string notAfterOf(X509* certificate)
{
    std::tm when{};
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &when) != 1)
        return "0000-00-00";
    char text[16];
    std::strftime(text, sizeof text, "%Y-%m-%d", &when);
    return text;
}

ErrorCode codeOf(int verifyError)
{
    switch (verifyError) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: // an issuer that only has the name of a trusted one
        return ErrorCode::CertificateUnknownIssuer;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return ErrorCode::CertificateSelfSigned;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return ErrorCode::CertificateWrongHost;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return ErrorCode::CertificateExpired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return ErrorCode::CertificateNotYetValid;
    default:
        return ErrorCode::CertificateOther;
    }
}

bool isAddress(const std::string& host)
{
    unsigned char buffer[sizeof(in6_addr)];
    return ::inet_pton(AF_INET, host.c_str(), buffer) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), buffer) == 1;
}

int descriptorOf(BIO* bio)
{
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

/// OpenSSL's own socket BIO writes with write(), and SIGPIPE ends the process when the peer is gone.
int sendQuietly(BIO* bio, const char* bytes, std::size_t size, std::size_t* written)
{
    BIO_clear_retry_flags(bio);
    const ssize_t sent = ::send(descriptorOf(bio), bytes, size, MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
            BIO_set_retry_write(bio);
        return 0;
    }
    *written = static_cast<std::size_t>(sent);
    return 1;
}

int receive(BIO* bio, char* into, std::size_t size, std::size_t* got)
{
    BIO_clear_retry_flags(bio);
    const ssize_t count = ::recv(descriptorOf(bio), into, size, 0);
    if (count <= 0) {
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            BIO_set_retry_read(bio);
        return 0;
    }
    *got = static_cast<std::size_t>(count);
    return 1;
}

long control(BIO*, int command, long, void*)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* quietSocket()
{
    static const std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "quiet socket");
        BIO_meth_set_write_ex(made, sendQuietly);
        BIO_meth_set_read_ex(made, receive);
        BIO_meth_set_ctrl(made, control);
        return std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)>(made, BIO_meth_free);
    }();
    return method.get();
}

/// The BIO does not own the descriptor.
bool attach(SSL* ssl, int fd)
{
    BIO* bio = BIO_new(quietSocket());
    if (!bio)
        return false;
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    return true;
}

bool expectHost(SSL* ssl, const std::string& host)
{
    X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl);
    if (isAddress(host))
        return X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), 0) == 1 &&
           SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    const_cast<char*>(host.c_str())) ==
               1; // the macro for this holds an old-style cast
}

} // namespace

std::string drainSslErrors()
{
    std::string result;
    while (const unsigned long code = ERR_get_error()) {
        char text[256];
        ERR_error_string_n(code, text, sizeof text);
        if (!result.empty())
            result += "; ";
        result += text;
    }
    return result.empty() ? "no reason given" : result;
}

TlsHandshake::TlsHandshake(const ConnectOptions& options)
    : m_host(canonicalHost(options.server.host))
    , m_pins(pinsFor(options.pins, options.server.host, options.server.port))
{
}

Result<std::unique_ptr<TlsHandshake>> TlsHandshake::create(const ConnectOptions& options, int fd)
{
    ERR_clear_error();
    std::unique_ptr<TlsHandshake> self(new TlsHandshake(options));
    self->m_context.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* context = self->m_context.get();
    if (!context)
        return fail(ErrorKind::Bug, "SSL_CTX_new: " + drainSslErrors());
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // Servers send a record a message or two: read many at a time, not each one's head and then its
    // body. The buffer goes while the connection idles.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_read_buffer_len(context, readAhead);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, &TlsHandshake::verify, self.get());
    SSL_CTX_set_default_verify_paths(context);
    if (!options.caFile.empty() &&
        SSL_CTX_load_verify_locations(context, options.caFile.c_str(), nullptr) != 1) {
        drainSslErrors();
        return fail(ErrorKind::Tls, "cannot read the certificates in " + options.caFile,
                    ErrorCode::CertificateOther);
    }
    self->m_ssl.reset(SSL_new(context));
    SSL* ssl = self->m_ssl.get();
    if (!ssl || !attach(ssl, fd))
        return fail(ErrorKind::Bug, "SSL_new: " + drainSslErrors());
    if (!expectHost(ssl, self->m_host))
        return fail(ErrorKind::Tls, "the host name cannot be verified: " + drainSslErrors(),
                    ErrorCode::CertificateWrongHost);
    return self;
}

int TlsHandshake::verify(X509_STORE_CTX* store, void* self)
{
    auto* handshake = static_cast<TlsHandshake*>(self);
    if (X509_verify_cert(store) == 1)
        return 1;
    const std::string fingerprint = sha256Of(X509_STORE_CTX_get0_cert(store));
    const auto& pins = handshake->m_pins;
    if (!fingerprint.empty() && std::find(pins.begin(), pins.end(), fingerprint) != pins.end()) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        ERR_clear_error();
        return 1;
    }
    handshake->judge(store, fingerprint);
    return 0;
}

void TlsHandshake::judge(X509_STORE_CTX* store, const std::string& fingerprint)
{
    const int error = X509_STORE_CTX_get_error(store);
    const ErrorCode code = m_pins.empty() ? codeOf(error) : ErrorCode::CertificateChanged;
    X509* failing = X509_STORE_CTX_get_current_cert(store);
    if (!failing)
        failing = X509_STORE_CTX_get0_cert(store);
    m_refused = true;
    m_verdict =
        Error{ErrorKind::Tls,
              "certificate of " + m_host + " refused: " + X509_verify_cert_error_string(error) +
                  (m_pins.empty() ? "" : ", and it is not the one that was trusted") +
                  "; sha256=" + fingerprint + "; notAfter=" + notAfterOf(failing),
              {},
              code,
              0};
}

Error TlsHandshake::failure() const
{
    if (m_refused) {
        ERR_clear_error();
        return m_verdict;
    }
    return Error{ErrorKind::Tls,
                 "TLS with " + m_host + " failed: " + drainSslErrors(),
                 {},
                 ErrorCode::TlsHandshake,
                 0};
}

} // namespace avocet
