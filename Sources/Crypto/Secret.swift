import COpenSSL

/// Octets that are overwritten when nobody needs them any more: a password, a token, a key.
///
/// It has no description and no text form, so that it cannot end up in a message by accident.
public final class Secret: Sendable {
    /// How many octets there are.
    public var count: Int { unsafe octets.count }
    // Written in deinit alone, and never lent: nobody shares the array's memory.
    nonisolated(unsafe) private var octets: [UInt8]

    /// A copy of `octets`; whoever has them overwrites them (`Secret.wipe`).
    public init(_ octets: borrowing [UInt8]) {
        unsafe self.octets = octets.map { $0 }
    }

    deinit { unsafe Self.wipe(&octets) }

    /// There are none.
    public var isEmpty: Bool { count == 0 }

    /// Lends a copy of the octets, which is overwritten afterwards. What the body makes of them is its own to wipe.
    public func withOctets<Result, Failure: Error>(
        _ body: (borrowing [UInt8]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var copy = unsafe octets.map { $0 }
        defer { Self.wipe(&copy) }
        return try body(copy)
    }

    /// Whether both are the same octets; the time does not depend on where they differ.
    public static func isEqual(_ one: borrowing [UInt8], _ other: borrowing [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        var difference: UInt8 = 0
        for index in one.indices { difference |= one[index] ^ other[index] }
        return difference == 0
    }

    /// Overwrites octets, and empties the array. Copies of it that share its memory make it useless: there must be none.
    public static func wipe(_ octets: inout [UInt8]) {
        unsafe octets.withUnsafeMutableBytes { bytes in
            if let start = bytes.baseAddress { unsafe OPENSSL_cleanse(start, bytes.count) }
        }
        octets = []
    }
}

/// Random octets from OpenSSL's generator.
public enum Random {
    /// `count` octets that nobody can foresee.
    public static func octets(_ count: Int) throws(CryptoError) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: count)
        let code = unsafe octets.withUnsafeMutableBytes { bytes in
            unsafe RAND_bytes(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(bytes.count))
        }
        guard code == 1 || count == 0 else { throw CryptoError("no random octets") }
        return octets
    }
}
