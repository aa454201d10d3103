/// A wrong answer.
public struct Violation: Error {
    /// What is wrong, in words.
    public var message: String

    /// A wrong answer, in words.
    public init(_ message: String) { self.message = message }
}

/// Throws unless `condition` holds; `message` says what should be.
func check(_ condition: Bool, _ message: @autoclosure () -> String) throws(Violation) {
    guard condition else { throw Violation(message()) }
}

/// Throws unless both are the same octets; `message` says what should be.
func checkEqual(_ got: [UInt8], _ expected: [UInt8], _ message: @autoclosure () -> String) throws(Violation) {
    guard got != expected else { return }
    throw Violation("\(message())\n got      \(visible(got))\n expected \(visible(expected))")
}

/// Octets for people to read.
func visible(_ octets: some Collection<UInt8>) -> String {
    var text = "\""
    for octet in octets.prefix(2000) { text += String(decoding: visible(octet), as: UTF8.self) }
    return text + "\""
}

private func visible(_ octet: UInt8) -> [UInt8] {
    switch octet {
    case 10: Array("\\n".utf8)
    case 13: Array("\\r".utf8)
    case 0x22, 0x5C: [0x5C, octet]
    case 0x20...0x7E: [octet]
    default: Array("\\x".utf8) + [octet >> 4, octet & 15].map { $0 < 10 ? 48 + $0 : 87 + $0 }
    }
}
