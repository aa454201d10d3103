/// The flags of NTLM's messages that are used (MS-NLMP §2.2.2.5).
enum NTLMFlags {
    static let unicode: UInt32 = 0x0000_0001
    static let version: UInt32 = 0x0200_0000
    /// What the client can do: Unicode, a target, NTLM, signatures, extended security, a version, keys of 128 and 56 bits.
    static let client: UInt32 = unicode | 0x4 | 0x200 | 0x8000 | 0x8_0000 | version | 0x2000_0000 | 0x8000_0000
}

/// Little-endian numbers.
enum LittleEndian {
    static func octets(_ value: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// The number of `count` octets at an offset; the caller knows that they are there.
    static func number(_ octets: [UInt8], _ at: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(octets[at + $1]) << ($1 * 8) }
    }
}

/// `CHALLENGE_MESSAGE` (MS-NLMP §2.2.1.2), as far as the client needs it.
struct NTLMChallenge {
    static let signature = Array("NTLMSSP\0".utf8)
    /// Without the target information, which old servers leave away.
    private static let shortest = 32

    let flags: UInt32
    /// Eight octets.
    let nonce: [UInt8]
    /// A list of `AV_PAIR`s with its end; empty: none came.
    let targetInformation: [UInt8]

    /// Reads a message; nil if it is none, or a buffer leaves it.
    init?(_ message: [UInt8]) {
        guard message.count >= Self.shortest, message.starts(with: Self.signature),
            LittleEndian.number(message, 8, 4) == 2
        else { return nil }
        flags = UInt32(LittleEndian.number(message, 20, 4))
        nonce = Array(message[24..<32])
        guard message.count >= 48 else {
            targetInformation = []
            return
        }
        let count = LittleEndian.number(message, 40, 2)
        let start = LittleEndian.number(message, 44, 4)
        guard count == 0 || start <= message.count - count else { return nil }
        targetInformation = count == 0 ? [] : Array(message[start..<start + count])
    }
}

/// The list of `AV_PAIR`s of a target (MS-NLMP §2.2.2.1).
struct NTLMTargetInformation {
    /// The kinds that are used.
    enum Kind: Int {
        case end = 0
        case flags = 6
        case timestamp = 7
        case channelBindings = 10
    }

    private(set) var pairs: [(kind: Int, value: [UInt8])] = []

    /// Reads a list up to its end; nil if it has none, or a value leaves it.
    init?(_ octets: [UInt8]) {
        var at = 0
        while octets.count - at >= 4 {
            let kind = LittleEndian.number(octets, at, 2)
            let count = LittleEndian.number(octets, at + 2, 2)
            at += 4
            if kind == Kind.end.rawValue { return }
            guard octets.count - at >= count else { return nil }
            pairs.append((kind, Array(octets[at..<at + count])))
            at += count
        }
        return nil
    }

    subscript(kind: Kind) -> [UInt8]? {
        get { pairs.first { $0.kind == kind.rawValue }?.value }
        set {
            pairs.removeAll { $0.kind == kind.rawValue }
            if let newValue { pairs.append((kind.rawValue, newValue)) }
        }
    }

    /// The list with its end.
    var octets: [UInt8] {
        pairs.reduce(into: []) { list, pair in
            list += LittleEndian.octets(UInt16(truncatingIfNeeded: pair.kind))
            list += LittleEndian.octets(UInt16(truncatingIfNeeded: pair.value.count)) + pair.value
        } + [0, 0, 0, 0]
    }
}

/// A message with buffers behind its fixed part: `NEGOTIATE_MESSAGE`, `AUTHENTICATE_MESSAGE` (MS-NLMP §2.2.1).
struct NTLMMessage {
    /// What says which version of the protocol's description counts (MS-NLMP §2.2.2.10): revision 15 of no product.
    static let version: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 15]

    private(set) var octets: [UInt8]
    private var payload: [UInt8] = []
    private let fixedCount: Int

    /// A message of a type, whose fixed part has `fixedCount` octets.
    init(type: UInt32, fixedCount: Int) {
        octets = NTLMChallenge.signature + LittleEndian.octets(type)
        self.fixedCount = fixedCount
    }

    mutating func append(_ fixed: [UInt8]) { octets += fixed }

    /// A field that says where its buffer is; a buffer has at most 65,535 octets.
    mutating func appendField(_ buffer: [UInt8]) {
        let count = LittleEndian.octets(UInt16(truncatingIfNeeded: buffer.count))
        octets += count + count + LittleEndian.octets(UInt32(truncatingIfNeeded: fixedCount + payload.count))
        payload += buffer
    }

    /// The whole message.
    func finished() -> [UInt8] { octets + payload }
}
