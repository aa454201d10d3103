import COpenSSL

extension TLSIdentity {
    /// What a certificate shall say (RFC 5280).
    public struct Request: Sendable {
        /// What its key may be used for.
        public enum Usage: Sendable {
            /// Servers of TLS.
            case server
            /// Clients of TLS.
            case client
            /// To issue certificates.
            case ca
        }

        /// The subject's only attribute.
        public var commonName: String
        /// Names of hosts; the first label may be `*`.
        public var names: [String]
        /// Addresses of IPv4 and IPv6.
        public var addresses: [String]
        /// The begin of its validity, in seconds from now.
        public var notBefore: Int
        /// The end of its validity, in seconds from now.
        public var notAfter: Int
        /// What its key may be used for.
        public var usage: Usage
        /// The length of a key of RSA, from 512 bits on; nil: elliptic curve P-256.
        public var keyBits: Int?
        /// The hash of the signature, as OpenSSL names it.
        public var digest = "SHA256"
        /// Who signs it; nil: its own key.
        public var issuer: TLSIdentity?

        /// A certificate for servers that is valid from an hour ago on for thirty days, unless told otherwise.
        public init(
            commonName: String, names: [String] = [], addresses: [String] = [], notBefore: Int = -3600,
            notAfter: Int = 30 * 86400, usage: Usage = .server, keyBits: Int? = nil, issuer: TLSIdentity? = nil
        ) {
            self.commonName = commonName
            self.names = names
            self.addresses = addresses
            self.notBefore = notBefore
            self.notAfter = notAfter
            self.usage = usage
            self.keyBits = keyBits
            self.issuer = issuer
        }
    }

    /// Makes a key and a certificate.
    ///
    /// - Throws: `.settings` where OpenSSL refuses something of it.
    public init(issuing request: Request) throws(TLSError) {
        ERR_clear_error()
        let key = try Self.newKey(bits: request.keyBits)
        guard let handle = unsafe X509_new() else { throw Self.refusal("certificate") }
        let certificate = unsafe Certificate(owning: handle)
        let chain = try request.issuer?.certificates() ?? []
        let signer = try request.issuer?.key() ?? key
        try request.write(to: certificate, key: key, issuer: chain.first ?? certificate)
        guard let digest = unsafe EVP_get_digestbyname(request.digest),
            unsafe X509_sign(certificate.handle, signer.handle, digest) > 0
        else { throw Self.refusal("signature") }
        // A peer must have the root itself.
        try self.init([certificate] + chain.filter { unsafe X509_self_signed($0.handle, 0) != 1 }, key)
    }

    private static func newKey(bits: Int?) throws(TLSError) -> PEM.Key {
        let key =
            if let bits {
                unsafe 512...16384 ~= bits ? copenssl_new_rsa_key(UInt32(bits)) : nil
            } else {
                unsafe copenssl_new_ec_key("P-256")
            }
        guard let key = unsafe key else { throw refusal("key") }
        return unsafe PEM.Key(owning: key)
    }

    fileprivate static func refusal(_ what: String) -> TLSError {
        TLSError(.settings, "no such \(what) can be made: \(OpenSSLReason.words())")
    }
}

extension TLSIdentity.Request {
    fileprivate func write(to certificate: Certificate, key: PEM.Key, issuer: Certificate) throws(TLSError) {
        let handle = unsafe certificate.handle
        guard unsafe X509_set_version(handle, 2) == 1, unsafe setSerialNumber(handle),
            unsafe X509_gmtime_adj(X509_getm_notBefore(handle), notBefore) != nil,
            unsafe X509_gmtime_adj(X509_getm_notAfter(handle), notAfter) != nil,
            unsafe X509_set_pubkey(handle, key.handle) == 1,
            unsafe X509_NAME_add_entry_by_NID(
                X509_get_subject_name(handle), NID_commonName, MBSTRING_UTF8, commonName, Int32(commonName.utf8.count),
                -1,
                0) == 1,
            unsafe X509_set_issuer_name(handle, X509_get_subject_name(issuer.handle)) == 1
        else { throw TLSIdentity.refusal("certificate") }
        for (number, value) in extensions { try add(number, value, to: certificate, issuer: issuer) }
        try addNames(to: certificate)
    }

    private func setSerialNumber(_ handle: OpaquePointer) -> Bool {
        var octets = [UInt8](repeating: 0, count: 8)
        guard unsafe RAND_bytes(&octets, 8) == 1 else { return false }
        let number = octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 1
        return unsafe ASN1_INTEGER_set_uint64(X509_get_serialNumber(handle), number | 1) == 1
    }

    private var extensions: [(Int32, String)] {
        let isCA = usage == .ca
        var list = [
            (NID_basic_constraints, isCA ? "critical,CA:TRUE" : "critical,CA:FALSE"),
            (
                NID_key_usage,
                isCA
                    ? "critical,keyCertSign,cRLSign"
                    : "critical,digitalSignature" + (keyBits == nil ? "" : ",keyEncipherment")
            ),
            (NID_subject_key_identifier, "hash"),
        ]
        if issuer != nil { list.append((NID_authority_key_identifier, "keyid:always")) }
        if !isCA { list.append((NID_ext_key_usage, usage == .server ? "serverAuth" : "clientAuth")) }
        return list
    }

    private func add(
        _ number: Int32, _ value: String, to certificate: Certificate, issuer: Certificate
    ) throws(TLSError) {
        var context = unsafe X509V3_CTX()
        unsafe X509V3_set_ctx(&context, issuer.handle, certificate.handle, nil, nil, 0)
        guard let made = unsafe X509V3_EXT_nconf_nid(nil, &context, number, value) else {
            throw TLSIdentity.refusal("extension")
        }
        defer { unsafe X509_EXTENSION_free(made) }
        guard unsafe X509_add_ext(certificate.handle, made, -1) == 1 else { throw TLSIdentity.refusal("extension") }
    }

    private func addNames(to certificate: Certificate) throws(TLSError) {
        guard !names.isEmpty || !addresses.isEmpty else { return }
        guard let list = unsafe GENERAL_NAMES_new() else { throw TLSIdentity.refusal("name") }
        defer { unsafe GENERAL_NAMES_free(list) }
        for name in names { try unsafe Self.push(GEN_DNS, Array(name.utf8), to: list) }
        for address in addresses {
            guard let octets = PeerName.octets(ofAddress: address) else { throw TLSIdentity.refusal("address") }
            try unsafe Self.push(GEN_IPADD, octets, to: list)
        }
        guard unsafe X509_add1_ext_i2d(certificate.handle, NID_subject_alt_name, .init(list), 0, 0) == 1 else {
            throw TLSIdentity.refusal("name")
        }
    }

    private static func push(_ kind: Int32, _ octets: [UInt8], to list: OpaquePointer) throws(TLSError) {
        guard let name = unsafe GENERAL_NAME_new(),
            let value = unsafe ASN1_STRING_type_new(kind == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING),
            unsafe ASN1_STRING_set(value, octets, Int32(octets.count)) == 1
        else { throw TLSIdentity.refusal("name") }
        unsafe GENERAL_NAME_set0_value(name, kind, value)
        guard unsafe OPENSSL_sk_push(list, name) > 0 else { throw TLSIdentity.refusal("name") }
    }
}
