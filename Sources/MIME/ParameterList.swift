import Octets

/// The parameters of a Content-Type or Content-Disposition field, read leniently, and their text (RFC 2231).
///
/// Unlike `ContentType(parsing:)` this takes any octets: what is no parameter is skipped.
public struct ParameterList: Equatable, Sendable {
    /// A parameter as it is written, or one piece of it.
    struct Piece: Equatable, Sendable {
        /// The name in lower case, without piece number and asterisks.
        var name: [UInt8]
        /// The number of the piece: `name*1`; nil for a parameter in one piece.
        var number: Int?
        /// Whether the value is percent-encoded: `name*`, `name*1*`.
        var isExtended: Bool
        /// The value without quotes and quoted pairs.
        var value: [UInt8]
    }

    private(set) var pieces: [Piece] = []
    private let limit: Int

    /// An empty list, which takes at most `limit` parameters or pieces of them; more are left out.
    public init(limit: Int = 1000) { self.limit = limit }

    /// The parameters in the field value `value`, which may be folded.
    ///
    /// What stands before the first `;` is taken as a parameter too if it has the form of one.
    public init(parsing value: [UInt8], limit: Int = 1000) {
        self.init(limit: limit)
        var scanner = ParameterScanner(HeaderText.unfolded(value))
        while pieces.count < limit, let (name, value) = scanner.next() { append(name: name, value: value) }
    }

    // parameter-name = attribute [section] ["*"], section = "*" 1*DIGIT  RFC 2231 §7
    /// Adds the parameter `name`, which may have an RFC 2231 section and asterisk, with a value without quotes.
    public mutating func append(name: [UInt8], value: [UInt8]) {
        guard pieces.count < limit else { return }
        var piece = Piece(name: name.asciiLowercased, number: nil, isExtended: false, value: value)
        if let star = name.firstIndex(of: UInt8(ascii: "*")) {
            let section = name[(star + 1)...]
            let digits = section.last == UInt8(ascii: "*") ? section.dropLast() : section
            if section.isEmpty || !digits.isEmpty && digits.count <= 9 && digits.allSatisfy(\.isDigit) {
                piece.name = name[..<star].asciiLowercased
                piece.isExtended = section.count > digits.count || section.isEmpty
                piece.number = digits.isEmpty ? nil : digits.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
            }
        }
        pieces.append(piece)
    }

    /// The names in their order, in lower case, each once.
    public var names: [[UInt8]] {
        var seen: Set<[UInt8]> = []
        return pieces.map(\.name).filter { seen.insert($0).inserted }
    }

    /// The text of the parameter `name` in UTF-8; nil if there is none.
    ///
    /// The form `name*` counts before pieces (`name*0`, `name*1*` …), and these before the plain form; of two with one
    /// name and number the last counts. Pieces are joined in the order of their numbers, whatever is missing. In the
    /// plain form encoded-words are decoded, which RFC 2047 §5 forbids but many mailers write. Octets that are neither
    /// in UTF-8 nor in a charset that is known are taken as `rawCharset`, else as ISO-8859-1; a `%` without two
    /// hexadecimal digits stands for itself.
    public func text(_ name: [UInt8], charsets: Charsets = Charsets(), rawCharset: [UInt8]? = nil) -> [UInt8]? {
        let key = name.asciiLowercased
        let found = pieces.filter { $0.name == key }
        guard let last = found.last else { return nil }
        if let whole = found.last(where: { $0.number == nil && $0.isExtended }) {
            return ParameterText(charsets, rawCharset).text([whole])
        }
        let numbered = Self.ordered(found)
        let plain = found.last { $0.number == nil } ?? last
        return ParameterText(charsets, rawCharset).text(numbered.isEmpty ? [plain] : numbered)
    }

    /// The numbered pieces by their numbers; of two with one number the last.
    private static func ordered(_ pieces: [Piece]) -> [Piece] {
        let numbered = pieces.enumerated().filter { $0.element.number != nil }
        let sorted = numbered.sorted { ($0.element.number ?? 0, $0.offset) < ($1.element.number ?? 0, $1.offset) }
        var result: [Piece] = []
        for (_, piece) in sorted {
            if result.last?.number == piece.number { result.removeLast() }
            result.append(piece)
        }
        return result
    }
}

/// Puts the pieces of a parameter together.
private struct ParameterText {
    private let charsets: Charsets
    private let rawCharset: [UInt8]?

    init(_ charsets: Charsets, _ rawCharset: [UInt8]?) {
        self.charsets = charsets
        self.rawCharset = rawCharset
    }

    func text(_ pieces: [ParameterList.Piece]) -> [UInt8] {
        guard let first = pieces.first else { return [] }
        guard pieces.contains(where: \.isExtended) else {
            let joined = charsets.text(ofRaw: Array(pieces.map(\.value).joined()), charset: rawCharset)
            return EncodedWordsText.decode(joined[...], charsets)
        }
        let (charset, value) = first.isExtended ? Self.initial(first.value[...]) : ([], first.value[...])
        var octets = first.isExtended ? Self.percentDecoded(value) : Array(value)
        for piece in pieces.dropFirst() {
            octets += piece.isExtended ? Self.percentDecoded(piece.value[...]) : piece.value
        }
        if !charset.isEmpty, let text = charsets.toUTF8(octets, from: charset) { return text }
        return charsets.text(ofRaw: octets, charset: rawCharset)
    }

    // extended-initial-value = [charset] "'" [language] "'" extended-other-values  RFC 2231 §7
    private static func initial(_ value: ArraySlice<UInt8>) -> (charset: [UInt8], value: ArraySlice<UInt8>) {
        let quote = UInt8(ascii: "'")
        guard let first = value.firstIndex(of: quote), let second = value[(first + 1)...].firstIndex(of: quote)
        else { return ([], value) }
        return (Array(value[..<first]), value[(second + 1)...])
    }

    // ext-octet = "%" 2(DIGIT / "A" / … / "F")  RFC 2231 §7
    private static func percentDecoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        HexEscapes.decode(text, escape: UInt8(ascii: "%")) { $0 }
    }
}
