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
        var lines = LineAnalysis()
        if case .leaf(let buffer as OctetBuffer, isDecoded: true) = body {
            let octets = buffer.octets
            lines.append(octets.span)
            lines.finish()
            return lines
        }
        let reader = try makeBodyReader()
        while !lines.isSettled {
            let chunk = try reader.next(atMost: 1 << 16)
            if chunk.isEmpty { break }
            lines.append(chunk.span)
        }
        lines.finish()
        return lines
    }
}
