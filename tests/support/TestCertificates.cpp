// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/TestCertificates.h"

#include <atomic>
#include <cstdio>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace avocet::test {
namespace {

void require(bool good)
{
    if (!good)
        throw std::runtime_error("cannot make a test certificate");
}

void addExtension(X509* certificate, X509* issuer, int nid, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    require(extension && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

std::string alternativeNames(const CertificateText& text)
{
    std::string result;
    for (const std::string& name : text.names)
        result += (result.empty() ? "DNS:" : ",DNS:") + name;
    for (const std::string& address : text.addresses)
        result += (result.empty() ? "IP:" : ",IP:") + address;
    return result;
}

/// issuer: null for a self-signed one.
ServerIdentity make(const CertificateText& text, const ServerIdentity* issuer, bool authority,
                    const std::string& commonName)
{
    static std::atomic<long> serial{1};
    ServerIdentity result;
    result.key.reset(EVP_EC_gen("P-256"), EVP_PKEY_free);
    result.certificate.reset(X509_new(), X509_free);
    X509* certificate = result.certificate.get();
    require(result.key && certificate);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), text.notBeforeSeconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate), text.notAfterSeconds);
    X509_set_pubkey(certificate, result.key.get());
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(commonName.c_str()), -1, -1,
                               0);
    X509* issuing = issuer ? issuer->certificate.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(issuing));
    addExtension(certificate, issuing, NID_basic_constraints,
                 authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!authority)
        addExtension(certificate, issuing, NID_subject_alt_name, alternativeNames(text));
    EVP_PKEY* signer = issuer ? issuer->key.get() : result.key.get();
    require(X509_sign(certificate, signer, EVP_sha256()) > 0);
    return result;
}

} // namespace

std::string ServerIdentity::sha256() const
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    require(X509_digest(certificate.get(), EVP_sha256(), digest, &length) == 1);
    std::string result;
    for (unsigned int i = 0; i < length; ++i) {
        char text[3];
        std::snprintf(text, sizeof text, "%02x", digest[i]);
        result += text;
    }
    return result;
}

TestCertificates::TestCertificates(const std::string& directory)
    : m_authority(make({}, nullptr, true, "Avocet test authority in " + directory))
    , m_caFile(directory + "/ca.pem")
{
    FILE* file = std::fopen(m_caFile.c_str(), "w");
    require(file);
    const bool written = PEM_write_X509(file, m_authority.certificate.get()) == 1;
    std::fclose(file);
    require(written);
}

ServerIdentity TestCertificates::issue(const CertificateText& text) const
{
    return make(text, &m_authority, false, "Avocet test server");
}

ServerIdentity TestCertificates::selfSigned(const CertificateText& text)
{
    return make(text, nullptr, false, "Avocet self-signed test server");
}

} // namespace avocet::test
