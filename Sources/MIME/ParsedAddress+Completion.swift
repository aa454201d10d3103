import Octets

extension ParsedAddress {
    private static let quote = UInt8(ascii: "\"")

    /// Fills in `address`, `proper` and `friendly`, and quotes `phrase` where needed.
    mutating func complete(defaultDomain: () -> [UInt8]) {
        if !local.isEmpty { address = Self.joined(local, UInt8(ascii: "@"), domain.isEmpty ? defaultDomain() : domain) }
        if phrase.isEmpty {
            proper = address
        } else {
            quotePhrase()
            proper.reserveCapacity(phrase.count + address.count + 3)
            proper += phrase
            proper += [0x20, UInt8(ascii: "<")]
            proper += address
            proper.append(UInt8(ascii: ">"))
        }
        let name = phrase.isEmpty ? nameWithoutPhrase() : phrase[...]
        friendly = Array(name.trimmed { $0 == Self.quote })
    }

    private static func joined(_ head: [UInt8], _ mark: UInt8, _ tail: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(head.count + tail.count + 1)
        result += head
        result.append(mark)
        result += tail
        return result
    }

    // TCLLIB: quotes inside the phrase are left as they are.
    private mutating func quotePhrase() {
        let inner = phrase.trimmed { $0 == Self.quote }
        let needsQuotes = inner.contains { !$0.isAlpha && $0 != 0x20 && Self.specials.contains($0) }
        if needsQuotes {
            phrase = [Self.quote] + inner + [Self.quote]
        } else if inner.count < phrase.count {
            phrase = Array(inner)
        }
    }

    private static let specials = Array(";,<>:.()@\"[]\\".utf8)

    private func nameWithoutPhrase() -> ArraySlice<UInt8> {
        let note = nameInComment()
        if !note.isEmpty || local.isEmpty { return note }
        let mailbox = local.trimmed { $0 == Self.quote }
        guard mailbox.first == UInt8(ascii: "/") else { return mailbox }
        let name = x400Name(mailbox)
        return name.isEmpty ? mailbox : name
    }

    private func nameInComment() -> ArraySlice<UInt8> {
        var note = comment[...]
        if note.first == UInt8(ascii: "(") {
            note = note.dropFirst()
            note = note.dropFirst(TclSpace.prefixLength(of: note))
        }
        return note.last == UInt8(ascii: ")") ? note.dropLast() : note
    }

    /// The name in an X.400 address such as `/S=Smith/G=Joe/`.
    private func x400Name(_ mailbox: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let person = Self.x400Value(mailbox, "PN")
        if !person.isEmpty { return person }
        let surname = Self.x400Value(mailbox, "S")
        let given = surname.isEmpty ? [] : Self.x400Value(mailbox, "G")
        return given.isEmpty ? surname : given + [0x20] + surname
    }

    /// The value of `/key=value/` in `mailbox`, the key in any case.
    private static func x400Value(_ mailbox: ArraySlice<UInt8>, _ key: String) -> ArraySlice<UInt8> {
        let pattern = Array("/\(key)=".utf8)
        var rest = mailbox
        while !rest.isEmpty && !rest.prefix(pattern.count).equalsIgnoringCase(pattern) { rest = rest.dropFirst() }
        rest = rest.dropFirst(pattern.count)
        if let slash = rest.firstIndex(of: UInt8(ascii: "/")), slash > rest.startIndex { rest = rest[..<slash] }
        return rest.trimmed { $0 == quote }
    }
}
