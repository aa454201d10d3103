import Octets

/// MAIL and RCPT, with the parameters that the server knows (RFC 5321, 4.1.1.2 and 4.1.1.3).
extension Envelope {
    /// mail = "MAIL FROM:" Reverse-path [SP Mail-parameters]  (RFC 5321, 4.1.1.2)
    func mailCommand(to session: Session) -> [UInt8] {
        var line = Array("MAIL FROM:<".utf8) + reversePath + [0x3e]
        if let size, session.offers("SIZE") { line += Array(" SIZE=\(size)".utf8) }
        if is8bit, session.allows8bit { line += Array(" BODY=8BITMIME".utf8) }
        if isInternational, session.allowsInternational { line += Array(" SMTPUTF8".utf8) }
        guard session.offers("DSN") else { return line }
        switch returnContent {
        case nil: break
        case .full: line += Array(" RET=FULL".utf8)
        case .headers: line += Array(" RET=HDRS".utf8)
        }
        if !envelopeID.isEmpty { line += Array(" ENVID=".utf8) + xtext(envelopeID) }
        return line
    }

    /// rcpt = "RCPT TO:" Forward-path [SP Rcpt-parameters]  (RFC 5321, 4.1.1.3)
    func recipientCommand(_ path: [UInt8], to session: Session) -> [UInt8] {
        let line = Array("RCPT TO:<".utf8) + path + [0x3e]
        guard !notify.isEmpty, session.offers("DSN") else { return line }
        let conditions = notify.map { $0.uppercased() }.joined(separator: ",")
        return line + Array(" NOTIFY=\(conditions) ORCPT=".utf8) + Self.originalRecipient(path)
    }

    /// original-recipient-address = atext ";" xtext  (RFC 3461, 4.2), or of the type `utf-8` (RFC 6533, 3).
    private static func originalRecipient(_ path: [UInt8]) -> [UInt8] {
        guard path.contains(where: { $0.isEightBit }) else { return Array("rfc822;".utf8) + xtext(path) }
        return path.reduce(into: Array("utf-8;".utf8)) { text, octet in
            if octet.isEightBit || isPlain(octet) && octet != 0x5c {
                text.append(octet)
            } else {
                text += Array("\\x{".utf8) + hexDigits(octet) + [0x7d]
            }
        }
    }

    /// A path or the header section has octets above 127, which takes SMTPUTF8 (RFC 6531, 3.4).
    private var isInternational: Bool {
        isInternationalHeader || reversePath.contains { $0.isEightBit }
            || forwardPaths.contains { $0.contains { $0.isEightBit } }
    }

    // MARK: What cannot be sent

    /// What forbids to send the envelope to anybody, if anything.
    var fault: SMTPError? {
        if Self.firstBadOctet(reversePath) != nil {
            return SMTPError(.internalFailure, .mail, text: "invalid octet in reverse-path")
        }
        if forwardPaths.contains(where: { Self.firstBadOctet($0) != nil }) {
            return SMTPError(.internalFailure, .rcpt, text: "invalid octet in forward-path")
        }
        if !Self.isValid(notify: notify) {
            return SMTPError(.internalFailure, .rcpt, text: "invalid conditions for reports")
        }
        if !Self.isValid(envelopeID: envelopeID) {
            return SMTPError(.internalFailure, .mail, text: "invalid envelope identifier")
        }
        return nil
    }

    /// notify-esmtp-value = "NEVER" / 1#notify-list-element  (RFC 3461, 4.1); in any case.
    public static func isValid(notify: [String]) -> Bool {
        let words = notify.map { $0.uppercased() }
        if words == ["NEVER"] { return true }
        return Set(words).count == words.count && words.allSatisfy { ["SUCCESS", "FAILURE", "DELAY"].contains($0) }
    }

    /// Printable US-ASCII, which is at most 100 octets as xtext (RFC 3461, 4.4). Empty is valid.
    public static func isValid(envelopeID: [UInt8]) -> Bool {
        envelopeID.allSatisfy { $0.isVisible || $0 == 0x20 } && xtext(envelopeID).count <= 100
    }

    /// What forbids to send the envelope to this server, if anything. A message that is too large has the reply that the
    /// server would have had for it (RFC 1870, 6.1).
    func unsupported(by session: Session) -> SMTPError? {
        guard session.isReady else { return nil }
        if let size, let limit = Self.limit(session.parameters(of: "SIZE")), size > limit {
            let text = "5.3.4 message of \(size) octets is larger than the server's limit of \(limit)"
            return SMTPError(.notSupported, .mail, reply: Reply(code: 552, lines: [Array(text.utf8)]))
        }
        if is8bit, !session.allows8bit {
            return Self.unsupported(.mail, "message has octets above 127, and the server does not take them (8BITMIME)")
        }
        guard !session.allowsInternational else { return nil }
        if reversePath.contains(where: { $0.isEightBit }) { return Self.unsupported(.mail, reversePath) }
        return forwardPaths.first { $0.contains { $0.isEightBit } }.map { Self.unsupported(.rcpt, $0) }
    }

    /// size-value ::= 1*20DIGIT; 0 and nothing say that there is no fixed limit (RFC 1870, 4).
    private static func limit(_ parameter: [UInt8]?) -> Int? {
        guard let digits = parameter, digits.allSatisfy({ $0.isDigit }),
            let limit = Int(String(decoding: digits, as: UTF8.self)), limit > 0
        else { return nil }
        return limit
    }

    private static func unsupported(_ stage: Stage, _ path: [UInt8]) -> SMTPError {
        let shown = String(decoding: path, as: UTF8.self)
        return unsupported(stage, "address <\(shown)> is not US-ASCII, and the server does not take it (SMTPUTF8)")
    }

    private static func unsupported(_ stage: Stage, _ text: String) -> SMTPError {
        SMTPError(.notSupported, stage, text: text)
    }
}

/// xtext = *( xchar / hexchar ): what is not visible US-ASCII, `+` and `=` as `+` and two digits (RFC 3461, 4).
private func xtext(_ octets: [UInt8]) -> [UInt8] {
    octets.reduce(into: []) { text, octet in
        if isPlain(octet) { text.append(octet) } else { text += [0x2b] + hexDigits(octet) }
    }
}

/// xchar  (RFC 3461, 4)
private func isPlain(_ octet: UInt8) -> Bool { octet.isVisible && octet != 0x2b && octet != 0x3d }

private func hexDigits(_ octet: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return [digits[Int(octet >> 4)], digits[Int(octet & 15)]]
}
