import Octets

/// The envelope of one mail transaction (RFC 5321, 2.3.1).
public struct Envelope: Equatable, Sendable {
    /// The reverse-path without angle brackets; empty for the null reverse-path.
    public var reversePath: [UInt8]
    /// The forward-paths without angle brackets, in the order they are sent.
    public var forwardPaths: [[UInt8]]
    /// The message's size in octets as transmitted, without transparency, for SIZE (RFC 1870); nil where unknown.
    public var size: Int?
    /// The message has octets above 127 in its body (RFC 6152).
    public var is8bit: Bool
    /// The message has octets above 127 in a header section (RFC 6532).
    public var isInternationalHeader = false
    /// When the recipients' servers are to report to the reverse-path (NOTIFY of RFC 3461, 4.1): `NEVER` alone, or some of
    /// `SUCCESS`, `FAILURE`, `DELAY`, in any case. Empty: as they see fit. Asked for only where DSN is offered.
    public var notify: [String] = []
    /// What of the message a report of failure has in it (RET of RFC 3461, 4.3); nil: as the server sees fit.
    public var returnContent: ReturnContent?
    /// What reports name the message by (ENVID of RFC 3461, 4.4): printable US-ASCII, at most 100 octets as xtext; empty: nothing.
    public var envelopeID: [UInt8] = []

    /// What of a message a report of failure has in it.
    public enum ReturnContent: String, Sendable, CaseIterable {
        /// The whole message.
        case full
        /// Its header section.
        case headers
    }

    /// An envelope.
    public init(reversePath: [UInt8], forwardPaths: [[UInt8]], size: Int? = nil, is8bit: Bool = false) {
        self.reversePath = reversePath
        self.forwardPaths = forwardPaths
        self.size = size
        self.is8bit = is8bit
    }

    /// The offset of the first octet that would let a path end its command or its brackets early; nil if there is none.
    ///
    /// Those are control octets anywhere, `<` and `>` outside a quoted string without a backslash before them,
    /// a quote that is never closed and a backslash at the very end. Nothing else of the path's syntax is judged.
    public static func firstBadOctet(_ path: [UInt8]) -> Int? {
        var quote: Int?
        var isEscaped = false
        for (offset, octet) in path.enumerated() {
            if octet.isControl { return offset }
            if isEscaped {
                isEscaped = false
            } else if octet == 0x5c {
                isEscaped = true
            } else if octet == 0x22 {
                quote = quote == nil ? offset : nil
            } else if quote == nil, octet == 0x3c || octet == 0x3e {
                return offset
            }
        }
        return isEscaped ? path.count - 1 : quote
    }
}
