/// The message itself: after DATA with transparency (RFC 5321, 4.5.2), or in BDATs as it is (RFC 3030).
extension Session {
    /// Octets of the message in one BDAT, at most.
    static let chunkOctets = 1 << 20

    /// Takes a chunk of the message, cut anywhere, when `wantsBody`. Line ends become CRLF; after DATA leading dots are doubled.
    ///
    /// What comes while a BDAT is under way waits for it. Before the server wants the message, and when it has refused it, nothing is taken.
    public mutating func write(_ octets: ArraySlice<UInt8>) {
        guard isTakingBody else { return }
        if chunks {
            let count = chunk.count
            encoder.append(octets, to: &chunk)
            messageOctets += chunk.count - count
            if state == .body { continueBody() }
        } else {
            let count = output.count
            encoder.append(octets, to: &output)
            messageOctets += output.count - count
        }
    }

    /// The message is complete: its last CRLF, if missing, and the final dot join the octets that are waiting to be written.
    public mutating func finishBody() {
        guard isTakingBody else { return }
        isBodyComplete = true
        if state == .body { continueBody() }
    }

    private var isTakingBody: Bool { (state == .body || state == .bdat) && !isBodyComplete }

    /// The message cannot be completed. The session closes without the final dot, so the server takes nothing;
    /// the owner drops the connection.
    public mutating func abort() { fail(.internalFailure, text: "message could not be read") }

    mutating func beginBody() {
        encoder = TransparencyEncoder(doublesDots: !chunks)
        chunk = []
        chunkStart = 0
        isBodyComplete = false
    }

    /// A BDAT leaves when it is full, and the end when it has come; else more of the message is awaited.
    mutating func continueBody() {
        state = .body
        if chunk.count - chunkStart >= Self.chunkOctets { return enter(.bdat) }
        chunk.removeSubrange(..<chunkStart)
        chunkStart = 0
        guard isBodyComplete else { return }
        refuseEarlyOctets()
        if state == .body { enter(.dot) }
    }

    /// bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ]  (RFC 3030, 2)
    mutating func sendChunk() {
        refuseEarlyOctets()
        guard state == .bdat else { return }
        send(Array("BDAT \(Self.chunkOctets)".utf8), as: .bdat)
        output += chunk[chunkStart..<(chunkStart + Self.chunkOctets)]
        chunkStart += Self.chunkOctets
    }

    /// The end of the message. In LMTP each accepted recipient has a reply of its own (RFC 2033, 4.2).
    mutating func sendEnd() {
        if !encoder.isAtLineStart { messageOctets += 2 }
        if chunks {
            encoder.finish(to: &chunk)
            send(Array("BDAT \(chunk.count) LAST".utf8), as: .dot)
            output += chunk
            chunk = []
        } else {
            encoder.finish(to: &output)
            events.append(.sent([0x2e], seconds: shownSeconds(.dot)))
            expect(.dot)
        }
        for _ in 1..<max(current?.finalReplies ?? 1, 1) { expect(.dot) }
    }
}
