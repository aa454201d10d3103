import Octets

extension Entity {
    /// What is wrong with the charset that a parsed text names (RFC 2046 §4.1.2): nothing if `charsets` knows it.
    public func charsetDefect(_ charsets: Charsets = Charsets()) -> Defect? {
        guard let origin, isLeaf, contentType.isText, let name = parameter("charset"), !charsets.knows(name) else {
            return nil
        }
        return Defect(.unknownCharset, offset: facts.typeOffset ?? origin.node.range.lowerBound, detail: name)
    }
}

extension Charsets {
    /// Whether octets in a charset can be read.
    public func knows(_ charset: [UInt8]) -> Bool { toUTF8([], from: charset) != nil }
}
