import Octets

extension Entity {
    /// All octets of a leaf's body, decoded. Throws `.notALeaf`, `.unreadableSource`.
    public func decodedBody() throws(MIMEError) -> [UInt8] {
        if let decodedCapacity {
            return try [UInt8](capacity: decodedCapacity) { output throws(MIMEError) in try decodeBody(into: &output) }
        }
        var octets: [UInt8] = []
        let reader = try makeBodyReader()
        while case let chunk = try reader.next(atMost: BodyReader.mostOctets), !chunk.isEmpty { octets += chunk }
        return octets
    }

    /// Room for the decoded body, for `decodeBody(into:)`; nil for one whose length is not known or may change.
    public var decodedCapacity: Int? {
        guard case .leaf(let source, let isDecoded) = body else { return nil }
        let count: Int
        if let window = source as? SourceRange, window.range.upperBound < .max {
            count = window.range.count
        } else if let memory = source.memory {
            count = memory.withOctets { $0.count }
        } else {
            return nil
        }
        return switch isDecoded ? nil : sourceEncoding {
        // Chunks want some octets more than their share.
        case .base64: Base64.decodedCapacity(of: count) + 3
        case .quotedPrintable: QuotedPrintable.decodedCapacity(of: count)
        default: count
        }
    }

    /// Appends the decoded body to `output`, which must have room for `decodedCapacity` octets. Throws `.notALeaf`,
    /// `.unreadableSource`.
    public func decodeBody(into output: inout OutputSpan<UInt8>) throws(MIMEError) {
        let isInMemory: Void? = withBody { octets, encoding in
            switch encoding {
            case .base64: _ = Base64.decode(octets, into: &output)
            case .quotedPrintable: _ = QuotedPrintable.decode(octets, into: &output)
            default: output.append(copying: octets)
            }
        }
        if isInMemory == nil { try makeBodyReader().readAll(into: &output) }
    }

    /// Lends the body of a leaf in memory, and the encoding that it is in.
    private func withBody<Value>(_ use: (Span<UInt8>, TransferEncoding?) -> Value) -> Value? {
        guard case .leaf(let source, let isDecoded) = body else { return nil }
        let encoding = isDecoded ? nil : sourceEncoding
        if let window = source as? SourceRange { return window.withOctets { use($0, encoding) } }
        return source.memory?.withOctets { use($0, encoding) }
    }

    /// `defects`, and those of a leaf's body, which is decoded for this. Throws `.unreadableSource`.
    public func allDefects() throws(MIMEError) -> [Defect] {
        guard isParsed, case .leaf(_, false) = body, sourceEncoding?.isIdentity == false else { return defects }
        let reader = try makeBodyReader()
        while !reader.hasDefect, !(try reader.next(atMost: BodyReader.mostOctets).isEmpty) {}
        guard reader.hasDefect else { return defects }
        let detail = sourceEncoding?.rawValue ?? ""
        return Defect.sorted(defects + [Defect(.invalidBody, offset: origin?.bodyStart ?? 0, detail: detail)])
    }

    /// A reader of a leaf's body, decoded. Throws `.notALeaf`, `.unreadableSource`.
    public func makeBodyReader() throws(MIMEError) -> BodyReader {
        guard case .leaf(let source, let isDecoded) = body else { throw MIMEError(.notALeaf) }
        return BodyReader(
            try reading { () throws(SourceError) in try source.makeReader() },
            decoding: isDecoded ? nil : sourceEncoding)
    }

    /// The octets of the bodies of all leaves: as they are in the source; of a parsed base64 body three quarters of them.
    public func size() throws(MIMEError) -> Int {
        var total = 0
        var pending = [self]
        while let entity = pending.popLast() {
            if let origin = entity.origin, !entity.isBodyChanged, entity.seenParts.isEmpty {
                total += origin.tree.bodySize(of: origin.index)
                continue
            }
            switch entity.body {
            case .parts(let parts): pending += parts
            case .leaf(let source, let isDecoded):
                let count = try reading { () throws(SourceError) in try source.countOctets() }
                let isEncoded = !isDecoded && entity.sourceEncoding == .base64
                total += isEncoded ? Base64.usualCount(of: count) : count
            }
        }
        return total
    }
}
