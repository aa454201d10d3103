import MIME
import Octets

/// What the table and the recipients' `in_header` need to know of a message's header section.
struct MessageFacts {
    /// The Subject decoded; empty without one.
    private(set) var subject: [UInt8] = []
    /// The addresses of To, Cc and Bcc, in lower case, with the name of the first field they stand in.
    private var places: [[UInt8]: String] = [:]

    /// No more of a header section than this is looked at.
    private static let limit = 1 << 20

    init(_ message: [UInt8]) {
        guard let entity = try? Entity.parse(Self.headerSection(of: message)) else { return }
        let written = entity.header.values(of: Array("Subject".utf8)).first ?? []
        subject = ((try? EncodedWords.decodeToUTF8(written)) ?? written).filter { $0 != 0x0a && $0 != 0x0d }
        for name in ["to", "cc", "bcc"] {
            for value in entity.header.values(of: Array(name.utf8)) { addAddresses(of: value, in: name) }
        }
    }

    /// In which field an address stands: `to`, `cc`, `bcc`; nil if in none.
    func place(of address: [UInt8]) -> String? { places[address.map { $0.asciiLowercased }] }

    private mutating func addAddresses(of value: [UInt8], in name: String) {
        for parsed in parseAddresses(value, defaultDomain: { [] }) where parsed.error == nil {
            let address = parsed.address.map { $0.asciiLowercased }
            if places[address] == nil { places[address] = name }
        }
    }

    /// The octets up to the first empty line.
    private static func headerSection(of message: [UInt8]) -> [UInt8] {
        let head = message.prefix(limit)
        var lineStart = 0
        while let end = head[lineStart...].firstIndex(of: 0x0a) {
            if end - lineStart <= 1, end == lineStart || head[lineStart] == 0x0d { return Array(head[..<lineStart]) }
            lineStart = end + 1
        }
        return Array(head)
    }
}
