#ifndef COPENSSL_H
#define COPENSSL_H
/// OpenSSL's headers for Swift, and functions in place of the macros that Swift does not see. No logic.
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Macros with a cast or an operator in them.
static const uint64_t copenssl_no_renegotiation = SSL_OP_NO_RENEGOTIATION;
static const uint64_t copenssl_no_ticket = SSL_OP_NO_TICKET;
/// RFC 2253, with UTF-8 as it is.
static const unsigned long copenssl_name_flags = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;

// Macros over SSL_ctrl, SSL_CTX_ctrl and BIO_ctrl.
static inline int copenssl_set_server_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}
static inline int copenssl_has_extended_master_secret(SSL *ssl) { return SSL_get_extms_support(ssl) == 1; }
static inline int copenssl_set_versions(SSL_CTX *context, int minimum, int maximum) {
    return SSL_CTX_set_min_proto_version(context, minimum) && SSL_CTX_set_max_proto_version(context, maximum);
}
static inline void copenssl_set_mode(SSL_CTX *context, long mode) { (void)SSL_CTX_set_mode(context, mode); }
static inline void copenssl_set_session_cache_mode(SSL_CTX *context, long mode) {
    (void)SSL_CTX_set_session_cache_mode(context, mode);
}
static inline int copenssl_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}
static inline void copenssl_set_end_is_end(BIO *memory) { (void)BIO_set_mem_eof_return(memory, 0); }

// Macros over a function of any number of arguments.
static inline EVP_PKEY *copenssl_new_rsa_key(unsigned int bits) { return EVP_RSA_gen(bits); }
static inline EVP_PKEY *copenssl_new_ec_key(const char *curve) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", (char *)curve);
}

#endif
