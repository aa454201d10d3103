import Crypto
import Octets

extension Credentials {
    /// The forms in which a password or a token may be said: as it is, as SASLprep (RFC 4013) makes it, and both in ISO 8859-1
    /// (RFC 2831), where these differ.
    public static func forms(of secret: Secret) -> [Secret] {
        var forms = [secret]
        secret.withOctets { octets in
            guard octets.indices.contains(where: { octets[$0].isEightBit }) else { return }
            add(DigestMD5.latin1(octets), to: &forms)
            guard var prepared = try? StringPreparation.prepare(octets, of: "") else { return }
            add(DigestMD5.latin1(prepared), to: &forms)
            add(prepared, to: &forms)
            Secret.wipe(&prepared)
        }
        return forms
    }

    /// What SASLprep (RFC 4013) makes of a user's name in UTF-8, which is checked, and may not be empty.
    public static func prepared(userName: [UInt8]) throws(SASLError) -> [UInt8] {
        try PreparedCredentials.check(userName, "the user name")
        let prepared = try StringPreparation.prepare(userName, of: "the user name")
        guard !prepared.isEmpty else { throw SASLError(.credentials, "there is no user name") }
        return prepared
    }

    /// What SASLprep makes of a password in UTF-8, which may be empty.
    public static func prepared(password: Secret) throws(SASLError) -> Secret {
        guard password.count <= PreparedCredentials.longest else {
            throw SASLError(.credentials, "the password is too long")
        }
        var prepared = try password.withOctets { octets throws(SASLError) in
            try StringPreparation.prepare(octets, of: "the password")
        }
        defer { Secret.wipe(&prepared) }
        return Secret(prepared)
    }

    /// Whom to act for, UTF-8 without controls, and not endless.
    public static func checked(authorizationIdentity: [UInt8]) throws(SASLError) -> [UInt8] {
        try PreparedCredentials.check(authorizationIdentity, "the authorization identity")
        return authorizationIdentity
    }

    private static func add(_ octets: consuming [UInt8]?, to forms: inout [Secret]) {
        guard var octets else { return }
        forms.append(Secret(octets))
        Secret.wipe(&octets)
    }
}

/// Credentials that were checked, with what RFC 4013 makes of the name and of the password.
struct PreparedCredentials {
    /// The longest name and password, in octets.
    fileprivate static let longest = 8192
    /// The longest token, in octets.
    private static let longestToken = 49_152

    /// The user's name, not empty.
    let userName: [UInt8]
    /// The password; may be empty.
    let password: Secret

    init(_ credentials: Credentials) throws(SASLError) {
        try Self.check(credentials)
        userName = try Credentials.prepared(userName: credentials.userName)
        guard let given = credentials.password else { throw SASLError(.credentials, "there is no password") }
        password = try Credentials.prepared(password: given)
    }

    /// Names are UTF-8 without controls, and not endless.
    static func check(_ credentials: Credentials) throws(SASLError) {
        try check(credentials.userName, "the user name")
        try check(credentials.authorizationIdentity, "the authorization identity")
        try check(credentials.realm, "the realm")
        try check(Array(credentials.host.utf8), "the host")
        try check(Array(credentials.service.utf8), "the service")
    }

    static func check(_ name: [UInt8], _ what: String) throws(SASLError) {
        guard name.count <= longest else { throw SASLError(.credentials, "\(what) is too long") }
        guard !name.contains(where: \.isControl) else {
            throw SASLError(.credentials, "\(what) has a control character")
        }
        guard Text.isUTF8(name) else { throw SASLError(.credentials, "\(what) is not UTF-8") }
    }

    /// The bearer token: the grammar of RFC 6750 §2.1 is not enforced, but nothing that could end the field passes.
    static func token(_ credentials: Credentials) throws(SASLError) -> Secret {
        guard let token = credentials.token, !token.isEmpty else { throw SASLError(.credentials, "there is no token") }
        let isVisible = token.withOctets { octets in octets.indices.allSatisfy { octets[$0].isVisible } }
        guard token.count <= longestToken, isVisible else {
            throw SASLError(.credentials, "the token is too long, or has what no token has")
        }
        return token
    }
}
