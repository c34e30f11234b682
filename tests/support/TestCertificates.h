// SPDX-License-Identifier: GPL-3.0-or-later
// A certificate authority that lives as long as a test, and the good and bad certificates it issues.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

typedef struct evp_pkey_st EVP_PKEY;
typedef struct x509_st X509;

namespace avocet::test {

/// A key with its certificate, as a server presents it.
struct ServerIdentity {
    std::shared_ptr<EVP_PKEY> key;
    std::shared_ptr<X509> certificate;
    std::string sha256() const; ///< lower-case hex
};

/// What a certificate says. `names` holds DNS names, `addresses` IP addresses.
struct CertificateText {
    std::vector<std::string> names{"localhost"};
    std::vector<std::string> addresses{"127.0.0.1"};
    long notBeforeSeconds = -3600;     ///< relative to now
    long notAfterSeconds = 24L * 3600; ///< relative to now
};

class TestCertificates {
public:
    /// Writes the authority's certificate into `directory`.
    explicit TestCertificates(const std::string& directory);

    const std::string& caFile() const { return m_caFile; }
    ServerIdentity issue(const CertificateText& text = {}) const;
    static ServerIdentity selfSigned(const CertificateText& text = {});

private:
    ServerIdentity m_authority;
    std::string m_caFile;
};

} // namespace avocet::test
