/// What a connection offers to a client's mechanism, and how far the client trusts.
public struct ClientContext: Sendable {
    /// What a mechanism can bind itself to; empty without TLS.
    public var bindings: [ChannelBinding]
    /// The mechanisms of the server's list, in any case; empty: not known. A list without a `-PLUS`, though there are
    /// bindings, is told to the server, which notices if somebody cut it short (RFC 5802 §6).
    public var offered: [String]
    /// How many rounds of PBKDF2 a server may ask for: fewer make the password easy to guess, more cost time.
    public var iterations = 4096...1_000_000
    /// Stands for the client's random, for test vectors: the nonce of SCRAM and of DIGEST-MD5 as it is written, the eight
    /// octets of NTLM.
    public var nonce: (@Sendable () -> [UInt8])?
    /// Stands for the time of NTLM, for test vectors: tenths of microseconds since 1601.
    public var time: UInt64?

    /// A context.
    public init(bindings: [ChannelBinding] = [], offered: [String] = []) {
        self.bindings = bindings
        self.offered = offered
    }

    /// The client's nonce: base64 of 18 random octets, which has neither `,` nor `"`.
    func textNonce() throws(SASLError) -> [UInt8] {
        if let nonce { return nonce() }
        return Text.base64(try Hashing.random(18))
    }
}
