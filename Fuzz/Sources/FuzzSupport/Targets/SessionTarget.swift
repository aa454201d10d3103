import SMTP

/// Whatever a server says and whenever, a session neither traps nor writes what it must not, and calls only that mail taken
/// whose end was written before a good reply came.
func checkSession(_ input: [UInt8]) throws {
    var given = FuzzInput(input)
    var watch = SessionWatch(flags: given.octet())
    while !given.isEmpty { try watch.step(&given) }
    watch.session.peerClosed()
    try watch.look()
    try check(watch.session.isClosed, "a session whose server is gone is over")
}

/// A session, and what a bystander knows of it.
private struct SessionWatch {
    var session: Session
    private let isLMTP: Bool
    private var wire: [UInt8] = []
    /// The octets on the wire when 354 was last said, and the good replies since the end of a message was written.
    private var wasAsked = false
    private var isEndWritten = false
    private var goodReplies = 0

    init(flags: UInt8) {
        var options = Session.Options(
            clientName: Array("me".utf8), isQueueing: flags & 1 != 0, isSingle: flags & 2 != 0)
        isLMTP = flags & 4 != 0
        options.isLMTP = isLMTP
        options.usesPipelining = flags & 8 != 0
        options.usesChunking = flags & 16 != 0
        (options.asksForTLS, options.asksForLogin) = (flags & 64 != 0, flags & 128 != 0)
        session = Session(options)
        session.connected(hasImplicitTLS: flags & 160 == 160)
        guard flags & 32 == 0 else { return }
        for said in ["220 hi\r\n", "250-you\r\n250-CHUNKING\r\n250 PIPELINING\r\n", "250 ok\r\n", "250 ok\r\n"] {
            guard !session.isReady else { break }
            session.receive(Array(said.utf8)[...])
            _ = session.takeOutput()
        }
    }

    mutating func step(_ given: inout FuzzInput) throws {
        let choice = given.octet()
        switch choice % 32 {
        case 0: session.quit()
        case 1: session.abort()
        case 2: session.timedOut()
        case 3...5: session.write([0x2e, 0x0a, 0x0d, 0x78][..<Int(choice / 64 + 1)])
        case 6, 7: session.finishBody()
        case 8...10: begin(choice)
        case 11...16: takeOutput()
        case 17...19: secure(choice / 32)
        default: say(ReplyAlphabet.text([given.octet() & 127]))
        }
        try look()
    }

    private mutating func begin(_ choice: UInt8) {
        guard session.isReady || session.isClosed else { return }
        let paths = (0..<Int(choice / 64)).map { [UInt8(0x62 + $0)] }
        (wasAsked, isEndWritten, goodReplies) = (false, false, 0)
        session.begin(
            Envelope(reversePath: [0x61], forwardPaths: paths), requiresAllRecipients: choice & 1 != 0,
            isProbe: choice & 34 == 34, afterReset: choice & 4 != 0)
    }

    /// What an owner decides about TLS and the login, when it is asked and when it is not.
    private mutating func secure(_ choice: UInt8) {
        switch choice {
        case 0: session.startTLS()
        case 1, 2: session.proceed()
        case 3: session.secured()
        case 4: session.authenticate("X-ANY", initialResponse: [0x61])
        case 5: session.authenticate("X-ANY")
        case 6: session.respond([0x62])
        default: session.cancelLogin()
        }
    }

    private mutating func takeOutput() {
        let isEnd = session.state == .dot
        let output = session.takeOutput()
        wire += output
        if isEnd, !output.isEmpty { isEndWritten = true }
    }

    private mutating func say(_ octets: [UInt8]) {
        if octets.starts(with: Array("354".utf8)) { wasAsked = true }
        // A line may have begun before: any of the octets may be a good reply's.
        if isEndWritten { goodReplies += 1 }
        session.receive(octets[...])
    }

    private var isAuthWritten: Bool { String(decoding: wire, as: UTF8.self).contains("AUTH X-ANY") }

    func look() throws {
        if session.transaction?.isAccepted == true {
            try check(isEndWritten && goodReplies > 0, "taken before its end was written and answered")
        }
        if session.state == .tls {
            try check(!session.hasOutput && session.extensions.isEmpty, "something is left of the time before TLS")
        }
        if session.loginReply?.code == 235 { try check(isAuthWritten, "a login without AUTH") }
        if session.isClosed {
            try check(!session.hasOutput && session.replyMilliseconds == nil, "a session that is over wants something")
            try check(!session.wantsBody && !session.isReady, "a session that is over is ready")
        }
        if session.messageOctets > 0, !session.chunks {
            try check(wasAsked, "octets of a message that the server did not ask for")
        }
        for (place, octet) in wire.enumerated() where octet == 0x0a || octet == 0x0d {
            let other = octet == 0x0a ? place - 1 : place + 1
            let isPair = wire.indices.contains(other) && wire[other] == (octet == 0x0a ? 0x0d : 0x0a)
            try check(isPair || (octet == 0x0d && place + 1 == wire.count), "a bare CR or LF in \(visible(wire))")
        }
    }
}
