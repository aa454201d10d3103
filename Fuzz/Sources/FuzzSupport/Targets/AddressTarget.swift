import MIME
import Octets

/// Addresses written in any of their forms are found as they were meant; whatever is found in any text has a standard
/// form that means the same.
func checkAddresses(_ input: [UInt8]) throws {
    if input.first == 2 { return try checkWritten(FuzzInput(Array(input.dropFirst()))) }
    let text = MailAlphabet.text(input, AddressPieces.all)
    for address in parse(text) where address.error == nil { try checkStandardForm(address) }
}

private func parse(_ text: [UInt8]) -> [ParsedAddress] { parseAddresses(text) { Array("host.example".utf8) } }

private func checkStandardForm(_ address: ParsedAddress) throws {
    // An empty group is an address of which all is empty.
    guard !address.local.isEmpty else { return try checkEqual(address.address, [], "the address without local-part") }
    guard hasPlainForm(address) else { return }
    let again = parse(address.proper)
    let text = visible(address.proper)
    try check(
        again.count == 1 && again.first?.error == nil,
        "\(text) is \(again.count) addresses, \(String(describing: again.first?.error))")
    try checkEqual(again.first?.address ?? [], address.address, "the address of \(text)")
    try checkEqual(again.first?.proper ?? [], address.proper, "the standard form of \(text)")
}

/// Whether the address is none of those that Tcllib's standard form leaves in doubt: with quotes inside a phrase, which
/// stay as they are, or with controls or blanks that were quoted (`x "" <a@b>`), with a local-part of several words, or with one of
/// two domains (`a@[b]@c` has the local-part `a%[b]`), or with what Tcl trims before each word (U+FEFF and its like).
private func hasPlainForm(_ address: ParsedAddress) -> Bool {
    let phrase = address.phrase.trimmed { $0 == 0x22 }
    let words = phrase.split(separator: 0x20).joined(separator: [0x20])
    let isPhrasePlain = words.elementsEqual(phrase) && !phrase.contains { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }
    let isLocalPlain = !address.local.dropFirst().dropLast().contains { Array("\"\\ []".utf8).contains($0) }
    let hasControl = (address.phrase + address.local + address.domain).contains { $0 < 0x20 || $0 == 0x7F }
    let isTrimmed = String(decoding: address.proper, as: UTF8.self).unicodeScalars.contains {
        $0 != " " && $0.properties.isWhitespace || "\u{180E}\u{200B}\u{2060}\u{FEFF}".unicodeScalars.contains($0)
    }
    return isPhrasePlain && isLocalPlain && !hasControl && !isTrimmed && address.proper.first != 0x20
}

/// An address as it is meant.
private struct MeantAddress {
    var phrase: [UInt8] = []
    var local: [UInt8]
    var domain: [UInt8]
}

private func checkWritten(_ given: FuzzInput) throws {
    var writer = AddressWriter(input: given)
    let meant = writer.write()
    let found = parse(writer.text)
    let text = visible(writer.text)
    try check(found.count == meant.count, "\(found.count) addresses in \(text), \(meant.count) written")
    for (address, expected) in zip(found, meant) {
        try check(address.error == nil, "\(String(describing: address.error)) in \(text)")
        try checkEqual(address.local, expected.local, "the local-part in \(text)")
        try checkEqual(address.domain, expected.domain, "the domain in \(text)")
        try checkEqual(address.phrase.filter { $0 != 0x22 }, expected.phrase, "the phrase in \(text)")
    }
}

/// Writes addresses in the forms of RFC 5322 §3.4, with white space and comments wherever they may be.
private struct AddressWriter {
    var input: FuzzInput
    private(set) var text: [UInt8] = []

    init(input: FuzzInput) { self.input = input }

    mutating func write() -> [MeantAddress] {
        var all: [MeantAddress] = []
        for _ in 0...input.number(below: 4) {
            if !all.isEmpty { put(",") }
            all.append(mailbox())
        }
        return all
    }

    private mutating func put(_ piece: String) {
        text += Array(piece.utf8)
        blank()
    }

    private mutating func blank() {
        text += Array(input.element(of: ["", " ", "", "(c)", "\n ", " (a (b) \\) c) ", "\t", ""]).utf8)
    }

    // mailbox = name-addr / addr-spec  RFC 5322 §3.4
    private mutating func mailbox() -> MeantAddress {
        guard input.flag() else { return addressSpec() }
        let phrase = phrase()
        put("<")
        if input.number(below: 8) == 1 { put("@r.example:") }
        var address = addressSpec()
        put(">")
        address.phrase = phrase
        return address
    }

    private mutating func phrase() -> [UInt8] {
        var words: [String] = []
        for _ in 0..<input.number(below: 4) {
            let word = input.element(of: ["Ann", "O'Neil", "é", "\"q q\"", "\"Lee, Jr.\"", "x-y"])
            if !words.isEmpty { text.append(0x20) }
            put(word)
            words.append(word.filter { $0 != "\"" })
        }
        return Array(words.joined(separator: " ").utf8)
    }

    // addr-spec = local-part "@" domain  RFC 5322 §3.4.1
    private mutating func addressSpec() -> MeantAddress {
        let local = input.element(of: ["a", "a.b", "x+y", "\"q q\"", "\"a@b\"", "é"])
        put(local)
        put("@")
        let domain = input.element(of: ["b", "b.example", "[127.0.0.1]", "x-y.z"])
        put(domain)
        return MeantAddress(local: Array(local.utf8), domain: Array(domain.utf8))
    }
}

/// Pieces of address fields.
private enum AddressPieces {
    static let all = [
        "a", "b.c", "@", "<", ">", ",", ";", ":", ".", "\"", "\\", "(", ")", "[", "]", " ", "\t", "\n ", "\r\n ", "é",
        "a@b", "<a@b>", "Ann ", "g: ", "\"q, q\" ", "(c) ", "@r:", "=?utf-8?Q?=C3=A9?= ", "/S=x/G=y/", "\0", "'", "\r",
    ].map { Array($0.utf8) }
}
