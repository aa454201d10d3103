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
    /// What nobody may see of the lines; replies are given as they were sent.
    var concealment = Concealment()

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

    /// The lines read since this was last asked, without line ends and secrets, also of a reply that is still incomplete or bad.
    public mutating func takeLines() -> [[UInt8]] {
        defer { seen = [] }
        return shown(seen)
    }

    /// As `takeLines`. Where there are secrets the lines of a reply wait for its last one: a secret may go on there.
    mutating func takeReadyLines() -> [[UInt8]] { code != nil && !concealment.isEmpty ? [] : takeLines() }

    /// As `takeLines`, right after `next()` has given the reply whose text, as it may be shown, this is.
    mutating func takeLines(of shown: Reply) -> [[UInt8]] {
        // Some of its lines may have been taken before there was a secret.
        guard !concealment.isEmpty, seen.count == shown.lines.count else { return takeLines() }
        defer { seen = [] }
        return zip(seen, shown.lines).map { $0.prefix(4) + $1 }
    }

    /// Lines as they may be shown. The code is no text, whatever the secret is.
    private func shown(_ lines: [[UInt8]]) -> [[UInt8]] {
        guard !concealment.isEmpty else { return lines }
        let codes = lines.map { Self.code(of: $0) == nil ? [] : $0.prefix(4) }
        let texts = concealment.hidden(zip(lines, codes).map { Array($0.dropFirst($1.count)) })
        return zip(codes, texts).map { $0 + $1 }
    }

    private mutating func nextLine() throws(SMTPError) -> [UInt8]? {
        let end = nextLineFeed()
        guard (end ?? buffer.count) - start <= maxLine else { throw Self.error("reply line too long") }
        guard let end else { return nil }
        let hasCR = end > start && buffer[end - 1] == 0x0d
        let line = Array(buffer[start..<(hasCR ? end - 1 : end)])
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
        guard let lineCode = Self.code(of: line) else {
            throw error(line.count < 3 ? "response too short" : "unrecognizable code")
        }
        guard code == nil || code == lineCode else { throw error("reply codes differ") }
        code = lineCode
        lines.append(Array(line.dropFirst(4)))
        octets += line.count + 2
        guard lines.count <= maxLines, octets <= maxOctets else { throw Self.error("reply too long") }
        guard line.count == 3 || line[3] != 0x2d else { return nil }
        defer { (code, lines, octets) = (nil, [], 0) }
        return Reply(code: lineCode, lines: lines)
    }

    /// Reply-code = %x32-35 %x30-35 %x30-39  (RFC 5321, 4.2), then "-", a blank or the end of the line.
    private static func code(of line: [UInt8]) -> Int? {
        guard line.count >= 3, (0x32...0x35).contains(line[0]), (0x30...0x35).contains(line[1]), line[2].isDigit,
            line.count == 3 || line[3].isBlank || line[3] == 0x2d
        else { return nil }
        return line[..<3].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// The line read last is wrong.
    private func error(_ text: String) -> SMTPError {
        Self.error("\(text): \(String(decoding: (shown(seen).last ?? []).prefix(200), as: UTF8.self))")
    }

    private static func error(_ text: String) -> SMTPError {
        SMTPError(.protocolViolation, .greeting, text: text)
    }
}
