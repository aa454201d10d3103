import Crypto
import Octets

/// Reads replies out of octets that arrive in any pieces (RFC 5321, 4.2), in bounded memory and linear time.
///
/// A bare LF ends a line too; a CR before it is dropped. Whatever else stands in the text is kept.
public struct ReplyParser: Sendable {
    private let maxLine: Int
    private let maxOctets: Int
    private let maxLines: Int
    /// Octets not yet taken; those before `start` are done with, those before `scanned` hold no LF.
    private var buffer: [UInt8] = []
    private var start = 0
    private var scanned = 0
    /// The reply being read.
    private var code: Int?
    private var lines: [[UInt8]] = []
    private var octets = 0
    private var seen: [[UInt8]] = []
    private var secrets: [Secret] = []

    /// The shortest secret that is looked for.
    private static let shortestSecret = 4

    /// Limits on one line and on one whole reply, in octets, and on its lines.
    public init(maxLine: Int = 65536, maxOctets: Int = 1 << 20, maxLines: Int = 10_000) {
        self.maxLine = maxLine
        self.maxOctets = maxOctets
        self.maxLines = maxLines
    }

    /// Nothing is waiting: no octet of a reply has come that `next()` has not given.
    public var isEmpty: Bool { start == buffer.count && code == nil }

    /// Takes octets from the server. An error if more is waiting than one reply may hold; its `stage` is the caller's to set.
    public mutating func append(_ octets: ArraySlice<UInt8>) throws(SMTPError) {
        guard buffer.count - start + octets.count <= maxOctets else { throw Self.error("reply too long") }
        if start > 0 {
            buffer.removeSubrange(..<start)
            scanned -= start
            start = 0
        }
        buffer.append(contentsOf: octets)
    }

    /// The next complete reply; nil until it is there. After an error the parser is of no more use.
    public mutating func next() throws(SMTPError) -> Reply? {
        while let line = try nextLine() {
            if let reply = try take(line) { return reply }
        }
        return nil
    }

    /// The lines read since this was last asked, verbatim and without line ends, also of a reply that is still incomplete or bad.
    public mutating func takeLines() -> [[UInt8]] {
        defer { seen = [] }
        return seen
    }

    /// Leaves the octets out of each line to come: a server may repeat what it was told. Short secrets are not looked for.
    mutating func hide(_ secret: Secret) {
        if secret.count >= Self.shortestSecret { secrets.append(secret) }
    }

    private func cleaned(_ line: [UInt8]) -> [UInt8] {
        // The code is no text, whatever the secret is.
        guard !secrets.isEmpty else { return line }
        let text = secrets.reduce(Array(line.dropFirst(4))) { text, secret in
            secret.withOctets { Self.leaveOut($0, of: text) }
        }
        return line.prefix(4) + text
    }

    // `replacing` of the standard library brings its engine for regular expressions, a megabyte.
    private static func leaveOut(_ secret: borrowing [UInt8], of line: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var (at, done) = (0, 0)
        while at + secret.count <= line.count {
            guard line[at] == secret[0], line[at..<at + secret.count].elementsEqual(copy secret) else {
                at += 1
                continue
            }
            result += line[done..<at] + Array("\u{27e8}hidden\u{27e9}".utf8)
            at += secret.count
            done = at
        }
        return done == 0 ? line : result + line[done...]
    }

    private mutating func nextLine() throws(SMTPError) -> [UInt8]? {
        let end = nextLineFeed()
        guard (end ?? buffer.count) - start <= maxLine else { throw Self.error("reply line too long") }
        guard let end else { return nil }
        let hasCR = end > start && buffer[end - 1] == 0x0d
        let line = cleaned(Array(buffer[start..<(hasCR ? end - 1 : end)]))
        start = end + 1
        seen.append(line)
        return line
    }

    /// The place of the first LF; octets already looked at are not looked at again.
    private mutating func nextLineFeed() -> Int? {
        scanned = max(scanned, start)
        while scanned < buffer.count {
            if buffer[scanned] == 0x0a { return scanned }
            scanned += 1
        }
        return nil
    }

    /// Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF  (RFC 5321, 4.2)
    private mutating func take(_ line: [UInt8]) throws(SMTPError) -> Reply? {
        let lineCode = try Self.code(of: line)
        guard code == nil || code == lineCode else { throw Self.error("reply codes differ", line) }
        code = lineCode
        lines.append(Array(line.dropFirst(4)))
        octets += line.count + 2
        guard lines.count <= maxLines, octets <= maxOctets else { throw Self.error("reply too long") }
        guard line.count == 3 || line[3] != 0x2d else { return nil }
        defer { (code, lines, octets) = (nil, [], 0) }
        return Reply(code: lineCode, lines: lines)
    }

    /// Reply-code = %x32-35 %x30-35 %x30-39  (RFC 5321, 4.2), then "-", a blank or the end of the line.
    private static func code(of line: [UInt8]) throws(SMTPError) -> Int {
        guard line.count >= 3 else { throw error("response too short", line) }
        guard (0x32...0x35).contains(line[0]), (0x30...0x35).contains(line[1]), line[2].isDigit,
            line.count == 3 || line[3].isBlank || line[3] == 0x2d
        else { throw error("unrecognizable code", line) }
        return line[..<3].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func error(_ text: String, _ line: [UInt8]? = nil) -> SMTPError {
        let shown = line.map { ": " + String(decoding: $0.prefix(200), as: UTF8.self) } ?? ""
        return SMTPError(.protocolViolation, .greeting, text: text + shown)
    }
}
