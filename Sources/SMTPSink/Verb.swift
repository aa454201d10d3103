import Octets

/// The commands a sink knows (RFC 5321, 4.1.1), and two moments that count like commands.
enum Verb: String, CaseIterable {
    case ehlo, helo, lhlo, mail, rcpt, data, bdat, rset, noop, quit, vrfy, expn, help, starttls, auth, onex, qued
    /// The greeting was sent.
    case greeting = ""
    /// A message has ended.
    case dot = "."
    /// Something else.
    case unknown = "?"

    /// The verb at the start of a command line, in any case.
    init(of line: [UInt8]) {
        let word = line.prefix { $0 != 0x20 && $0 != 0x09 }
        self = Self.allCases.first { $0.isCommand && word.equalsIgnoringCase($0.rawValue.utf8) } ?? .unknown
    }

    private var isCommand: Bool { self != .greeting && self != .dot && self != .unknown }

    /// What may be followed by another command before its reply, where PIPELINING is offered (RFC 2920, 3.1; RFC 3030, 4.2).
    var mayBeFollowed: Bool {
        switch self {
        case .mail, .rcpt, .rset, .bdat, .dot: true
        default: false
        }
    }
}
