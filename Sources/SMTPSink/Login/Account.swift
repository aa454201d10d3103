public import Crypto

/// Somebody who may log in at a sink.
public struct Account: Equatable, Sendable {
    /// The name, UTF-8.
    public var name: [UInt8]
    /// The password or the bearer token, UTF-8.
    public var secret: Secret

    /// An account.
    public init(name: [UInt8], secret: borrowing [UInt8]) {
        self.name = name
        self.secret = Secret(secret)
    }

    /// Whether the secret is this.
    func has(_ octets: borrowing [UInt8]) -> Bool {
        secret.withOctets { Secret.isEqual($0, octets) }
    }

    /// Whether name and secret are the same.
    public static func == (one: Account, other: Account) -> Bool {
        one.name == other.name && one.secret.withOctets { other.has($0) }
    }
}

extension [Account] {
    /// The account of a name; of several the first.
    func named(_ name: some Collection<UInt8>) -> Account? { first { $0.name.elementsEqual(name) } }
}

/// A login at a sink, or the attempt.
public struct SinkLogin: Equatable, Sendable {
    /// The mechanism's name.
    public var mechanism: String
    /// The authentication identity, UTF-8; empty if the client did not come to say it.
    public var user: [UInt8]
    /// It succeeded.
    public var isOK: Bool
}
