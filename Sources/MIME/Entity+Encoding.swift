import Octets

extension Entity {
    /// The encoding that Tcllib chooses for this body; nil: none.
    ///
    /// None for parts and `message`, base64 for audio, image and video; otherwise it depends on the octets. Where Tcllib
    /// would declare nothing although the body is not valid as 7bit, text is quoted-printable and the rest base64.
    public func chosenEncoding() throws(MIMEError) -> TransferEncoding? {
        if contentType.isMedia { return .base64 }
        if contentType.isMessage || contentType.isMultipart { return nil }
        guard case .leaf = body else { return nil }
        let lines = try analysis()
        guard contentType.isText else { return lines.isASCII && lines.isMailLine && lines.isSevenBit ? nil : .base64 }
        if !lines.isASCII && !isCharsetReadable { return .base64 }
        return lines.isMailLine && lines.isSevenBit ? nil : .quotedPrintable
    }

    // TCLLIB: text in a charset other than these is base64 as soon as it has an octet that is not US-ASCII.
    private var isCharsetReadable: Bool {
        guard let charset = parameter("charset")?.asciiLowercased, charset != Array("us-ascii".utf8) else {
            return true
        }
        return charset.count == 10 && charset.starts(with: "iso-8859-".utf8)
            && (UInt8(ascii: "1")...UInt8(ascii: "8")).contains(charset[9])
    }

    private func analysis() throws(MIMEError) -> LineAnalysis {
        let reader = try makeBodyReader()
        var lines = LineAnalysis()
        while !lines.isSettled {
            let chunk = try reader.next(atMost: 1 << 16)
            if chunk.isEmpty { break }
            lines.append(chunk[...])
        }
        lines.finish()
        return lines
    }
}

/// What the lines of a body are like, in Tcllib's terms.
public struct LineAnalysis: Sendable {
    // TCLLIB: means to allow CR at the end of a line, but does not.
    /// Whether there is only printing US-ASCII, blanks and LF.
    public private(set) var isASCII = true
    /// Whether no line is longer than 76 octets, ends with white space or begins with `.` or `From `.
    public private(set) var isMailLine = true
    /// Whether there is neither NUL nor an octet above 127.
    public private(set) var isSevenBit = true

    private var column = 0
    private var isFrom = true
    private var last: UInt8 = 0

    /// An analysis of nothing yet.
    public init() {}

    /// Whether no further octet can change what the encoding depends on.
    var isSettled: Bool { !isASCII && !isMailLine }

    /// Looks at the next octets.
    public mutating func append(_ chunk: ArraySlice<UInt8>) {
        for octet in chunk {
            if octet == 10 { endLine() } else { step(octet) }
        }
    }

    /// Ends the last line.
    public mutating func finish() { endLine() }

    private mutating func step(_ octet: UInt8) {
        if octet < 0x20 || octet > 0x7E { look(atUnusual: octet) }
        if column < 5 { look(atStart: octet) }
        column += 1
        last = octet
    }

    private mutating func look(atUnusual octet: UInt8) {
        if octet != 9 { isASCII = false }
        if octet == 0 || octet.isEightBit { isSevenBit = false }
    }

    private mutating func look(atStart octet: UInt8) {
        if column == 0 && octet == UInt8(ascii: ".") { isMailLine = false }
        if column == 0 { isFrom = true }
        if octet != Self.from[column] { isFrom = false }
        if column == 4 && isFrom { isMailLine = false }
    }

    private static let from: [UInt8] = Array("From ".utf8)

    private mutating func endLine() {
        if column > 76 || column > 0 && last.isSpace { isMailLine = false }
        column = 0
    }
}
