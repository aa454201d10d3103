import Octets

/// A server's reply to a command (RFC 5321, 4.2), complete: all its lines.
public struct Reply: Equatable, Sendable {
    /// The reply code, 200 to 559.
    public var code: Int
    /// The text of each line after `250-` or `250 `, as sent: without CRLF, blanks kept, any octets. Never empty.
    public var lines: [[UInt8]]
    /// The enhanced status code at the start of the first line (RFC 3463), if there is one.
    public var enhanced: EnhancedStatusCode?
    /// The queue identifier as it was sent, where something was left out of the lines; empty: there was none, or it was left out.
    var writtenIdentifier: [UInt8]?

    /// A reply of these lines; the enhanced status code is read from the first.
    public init(code: Int, lines: [[UInt8]]) {
        self.code = code
        self.lines = lines
        enhanced = EnhancedStatusCode(startOf: lines.first ?? [], replyCode: code)
    }

    /// 2xx: what was asked is done.
    public var isPositive: Bool { code / 100 == 2 }
    /// 4xx: refused for now.
    public var isTransient: Bool { code / 100 == 4 }
    /// 5xx: refused for good.
    public var isPermanent: Bool { code / 100 == 5 }
    /// 4xx or 5xx.
    public var isRefusal: Bool { isTransient || isPermanent }

    /// The first line's text without surrounding blanks; an enhanced status code stays in it.
    public var diagnostic: [UInt8] { trimmed(lines.first ?? []) }
    /// The text of the lines after the first, without surrounding blanks.
    public var moreLines: [[UInt8]] { lines.dropFirst().map { trimmed($0) } }

    /// The reply with so many octets of text at most: the last line that fits may be cut, those after it are dropped.
    func cut(to octets: Int) -> Reply {
        guard lines.reduce(0, { $0 + $1.count + 1 }) > octets else { return self }
        var left = octets
        var kept = self
        kept.lines = []
        for line in lines where left > 0 {
            kept.lines.append(Array(line.prefix(left)))
            left -= line.count + 1
        }
        return kept
    }
}

/// The octets without white space at either end.
private func trimmed(_ octets: [UInt8]) -> [UInt8] {
    guard let first = octets.firstIndex(where: { !$0.isSpace }), let last = octets.lastIndex(where: { !$0.isSpace })
    else { return [] }
    return Array(octets[first...last])
}
