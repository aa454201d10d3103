import Octets
import SMTP

/// Messages: DATA (RFC 5321, 4.1.1.4) and BDAT (RFC 3030, 2).
extension SinkSession {
    mutating func data(_ line: [UInt8]) {
        guard line.count == 4 else { return badSyntax(line, "5.5.4") }
        if chunks.isBegun { return outOfOrder("the message has begun") }
        let isWanted = current != nil || isMailRefused
        guard !isWanted || meets(.data, line) == .nothing else { return }
        if substitute == nil {
            guard current != nil else { return withoutTransaction() }
            guard hasRecipient else {
                checkRecipients()
                return refuseWithoutRecipients()
            }
        }
        decoder = TransparencyDecoder(limit: options.maxMessageOctets, keepsOctets: options.keepsOctets)
        state = .data
        reply(354, nil, "end with a dot on a line of its own")
    }

    private mutating func refuseWithoutRecipients() {
        // RFC 2033, 4.2 has a code of its own.
        reply(options.isLMTP ? 503 : 554, "5.5.1", "no valid recipients")
    }

    /// bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ] CR LF; chunk-size = 1*DIGIT; end-marker = "LAST"
    mutating func bdat(_ line: [UInt8]) {
        guard isESMTP, options.offers("CHUNKING") else { return notOffered(.bdat) }
        let words = line.dropFirst(4).split(separator: 0x20, omittingEmptySubsequences: false).dropFirst()
        guard let digits = words.first, !digits.isEmpty, digits.allSatisfy({ $0.isDigit }),
            let size = Int(text(digits)),
            words.count == 1 || (words.count == 2 && words.last?.equalsIgnoringCase("LAST".utf8) == true)
        else { return badSyntax(line, "5.5.4") }
        if !chunks.isBegun {
            decoder = TransparencyDecoder(
                limit: options.maxMessageOctets, keepsOctets: options.keepsOctets, isChunked: true)
        }
        chunks.isBegun = true
        state = .chunk(remaining: size, isLast: words.count == 2)
        if size == 0 { endChunk(isLast: words.count == 2) }
    }

    /// Takes octets of a message that is under way; how many belong to it.
    mutating func takeContent(_ octets: ArraySlice<UInt8>) -> Int {
        guard !octets.isEmpty else { return 0 }
        switch state {
        case .data:
            checkTurn("message before the reply to DATA")
            let (count, isEnd) = decoder.take(octets)
            if isEnd { endData() }
            return count
        case .chunk(let remaining, let isLast):
            let piece = octets.prefix(remaining)
            _ = decoder.take(piece)
            state = .chunk(remaining: remaining - piece.count, isLast: isLast)
            if remaining == piece.count { endChunk(isLast: isLast) }
            return piece.count
        case .greeting, .command, .handshake, .login, .stalled, .closed: return 0
        }
    }

    private mutating func endData() {
        state = .command
        lastVerb = .dot
        noteContent()
        record(.client, [0x2e])
        if !hasRecipient, decoder.octets > 0 { violate(.noRecipient, "a message to nobody") }
        finish([0x2e])
    }

    private mutating func endChunk(isLast: Bool) {
        state = .command
        if isLast {
            decoder.end()
            noteContent()
        }
        guard current != nil else {
            withoutTransaction()
            chunks.isRefused = true
            return
        }
        if !chunks.isRefused, !hasRecipient { checkRecipients() }
        if chunks.isRefused || !hasRecipient {
            refuseChunk()
        } else if isLast {
            finish(Array("BDAT LAST".utf8))
        } else {
            takeChunk()
        }
    }

    private mutating func refuseChunk() {
        chunks.isRefused = true
        reply(503, "5.5.1", hasRecipient ? "a part of the message was refused" : "no valid recipients")
    }

    private mutating func takeChunk() {
        switch meets(.data, Array("BDAT".utf8)) {
        case .nothing where decoder.isTooLong:
            chunks.isRefused = true
            reply(552, "5.3.4", "message too large")
        case .nothing: reply(250, "2.0.0", "\(decoder.octets) octets taken")
        case .answered, .silent, .acceptThenDrop: chunks.isRefused = true
        }
    }

    /// The message is there: answers, for each recipient if the client speaks LMTP, and takes it.
    private mutating func finish(_ line: [UInt8]) {
        guard var message = current else {
            refuseWithoutRecipients()
            return endTransaction()
        }
        let indices = message.recipients.indices.filter { message.recipients[$0].isAccepted }
        var isTaken = false
        if indices.isEmpty {
            refuseWithoutRecipients()
        } else if options.isLMTP {
            for index in indices where state == .command {
                let verdict = verdict(message.recipients[index].address)
                message.recipients[index].finalReply = verdict.reply
                isTaken = isTaken || verdict.isTaken
            }
        } else {
            let verdict = verdict(line)
            message.finalReply = verdict.reply
            isTaken = verdict.isTaken
        }
        if isTaken { take(message) }
        endTransaction()
    }

    /// Answers to a message; the reply, if one was given.
    private mutating func verdict(_ subject: [UInt8]) -> (reply: Reply?, isTaken: Bool) {
        switch meets(.dot, subject) {
        case .nothing:
            if decoder.isTooLong { return (reply(552, "5.3.4", "message too large"), false) }
            return (reply(250, "2.0.0", "message taken as transaction \(transactions)"), true)
        case .answered(let reply): return (reply, false)
        case .silent: return (nil, false)
        case .acceptThenDrop:
            state = .closed
            return (nil, !decoder.isTooLong)
        }
    }

    private mutating func take(_ message: ReceivedMessage) {
        var message = message
        message.octets = decoder.message
        message.size = decoder.octets
        message.dialogue = dialogue
        message.violations = violations.filter { $0.transaction == transactions || $0.transaction == 0 }
        message.faults = mailFaults
        mailFaults = []
        message.roundTrips = roundTrips + 1 - roundTripsBefore
        roundTripsBefore = roundTrips + 1
        messages.append(message)
        mails += 1
    }

    private mutating func noteContent() {
        note("message of \(decoder.octets) octets")
        let body = current?.parameters.first { $0.keyword.equalsIgnoringCase("BODY".utf8) }?.value
        let is8bit = body.map { $0.equalsIgnoringCase("8BITMIME".utf8) } ?? false
        for (kind, offset) in decoder.faults.sorted(by: { $0.value < $1.value }) where kind != .eightBit || !is8bit {
            violate(kind, "octet \(offset) of the message")
        }
    }
}
