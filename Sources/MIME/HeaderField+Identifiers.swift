import Octets

extension HeaderField {
    // msg-id = [CFWS] "<" id-left "@" id-right ">" [CFWS]  RFC 5322 §3.6.4
    /// The identifiers of Message-ID, In-Reply-To or References in their order, without angle brackets and blanks.
    ///
    /// Comments and the phrases of obsolete fields are skipped. A word with an `@` is taken even without brackets.
    public func messageIdentifiers() -> [[UInt8]] {
        BracketedItems.read(HeaderText.unfolded(value)[...]).filter {
            $0.isBracketed || $0.text.contains(UInt8(ascii: "@"))
        }
        .map(\.text)
    }

    // "<" URL ">" *("," "<" URL ">"), blanks inside the brackets do not count  RFC 2369 §2
    /// The URLs of a List-Help, List-Unsubscribe, List-Post … field in their order; none for `NO`.
    public func listURLs() -> [[UInt8]] {
        BracketedItems.read(HeaderText.unfolded(value)[...]).filter(\.isBracketed).map(\.text)
    }
}

/// Words, and texts between `<` and `>`; blanks, commas, comments and quoted-strings part them.
private struct BracketedItems {
    /// A word or the text between brackets, without blanks.
    struct Item {
        let text: [UInt8]
        let isBracketed: Bool
    }

    /// The items of a field value without line ends; empty ones are left out.
    static func read(_ text: ArraySlice<UInt8>) -> [Item] {
        var items: [Item] = []
        var index = text.startIndex
        while index < text.endIndex {
            let start = index
            index = end(of: start, in: text)
            if let item = item(text[start..<index]) { items.append(item) }
        }
        return items
    }

    private static func end(of start: Int, in text: ArraySlice<UInt8>) -> Int {
        switch text[start] {
        case UInt8(ascii: "("): return AddressFieldText.commentEnd(in: text, from: start)
        case UInt8(ascii: "\""): return AddressFieldText.end(of: UInt8(ascii: "\""), in: text, after: start)
        case UInt8(ascii: "<"):
            return text[start...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? text.endIndex
        default: return text[(start + 1)...].firstIndex { isDelimiter($0) } ?? text.endIndex
        }
    }

    private static func isDelimiter(_ octet: UInt8) -> Bool {
        octet.isSpace || octet == UInt8(ascii: ",") || octet == UInt8(ascii: "<") || octet == UInt8(ascii: "(")
            || octet == UInt8(ascii: "\"")
    }

    private static func item(_ piece: ArraySlice<UInt8>) -> Item? {
        guard let first = piece.first, first != UInt8(ascii: "("), first != UInt8(ascii: "\"") else { return nil }
        let isBracketed = first == UInt8(ascii: "<")
        let text = piece.filter { octet in
            !octet.isSpace && octet != UInt8(ascii: "<") && octet != UInt8(ascii: ">")
                && (isBracketed || octet != UInt8(ascii: ","))
        }
        return text.isEmpty ? nil : Item(text: Array(text), isBracketed: isBracketed)
    }
}
