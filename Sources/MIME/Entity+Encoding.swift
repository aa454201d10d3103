import Octets

extension Entity {
    /// The encoding that Tcllib chooses for this body; nil: none.
    ///
    /// None for parts and `message`, base64 for audio, image and video; otherwise it depends on the octets. Where Tcllib
    /// would declare nothing although the body is not valid as 7bit, text is quoted-printable and the rest base64.
    public func chosenEncoding() throws(MIMEError) -> TransferEncoding? {
        var choice = try EncodingChoice(for: self)
        while try choice.step() {}
        return choice.encoding
    }

    // TCLLIB: text in a charset other than these is base64 as soon as it has an octet that is not US-ASCII.
    fileprivate var isCharsetReadable: Bool {
        guard let charset = parameter("charset")?.asciiLowercased, charset != Array("us-ascii".utf8) else {
            return true
        }
        return charset.count == 10 && charset.starts(with: "iso-8859-".utf8)
            && (UInt8(ascii: "1")...UInt8(ascii: "8")).contains(charset[9])
    }
}

/// Looks at a body, piece by piece, for the encoding that Tcllib chooses for it.
struct EncodingChoice {
    private let entity: Entity
    private var lines = LineAnalysis()
    private var memory: (any OctetMemory)?
    private var position = 0
    private var reader: BodyReader?

    /// A choice for a leaf whose octets decide, or for any other entity. Throws `.unreadableSource`.
    init(for entity: Entity) throws(MIMEError) {
        self.entity = entity
        let type = entity.contentType
        guard !type.isMedia, !type.isMessage, !type.isMultipart, case .leaf(let source, let isDecoded) = entity.body
        else { return }
        if isDecoded, let memory = source.memory {
            self.memory = memory
        } else {
            reader = try entity.makeBodyReader()
        }
    }

    /// Looks at some octets; false if that was all.
    mutating func step() throws(MIMEError) -> Bool {
        if lines.isSettled { return false }
        if let memory {
            let start = position
            position = memory.withOctets { octets in
                let end = min(start + 1 << 18, octets.count)
                lines.append(octets.extracting(min(start, end)..<end))
                return end
            }
            if position > start { return true }
        } else if let reader {
            let chunk = try reader.next(atMost: 1 << 16)
            lines.append(chunk.span)
            if !chunk.isEmpty { return true }
        }
        lines.finish()
        return false
    }

    /// The encoding; nil: none.
    var encoding: TransferEncoding? {
        if entity.contentType.isMedia { return .base64 }
        if memory == nil, reader == nil { return nil }
        guard entity.contentType.isText else {
            return lines.isASCII && lines.isMailLine && lines.isSevenBit ? nil : .base64
        }
        if !lines.isASCII && !entity.isCharsetReadable { return .base64 }
        return lines.isMailLine && lines.isSevenBit ? nil : .quotedPrintable
    }
}
