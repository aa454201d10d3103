import Octets
import SMTP

/// Whatever EHLO's lines are, an extension is offered if a line begins with its word, and commands stay single lines.
func checkCapabilities(_ input: [UInt8]) throws {
    let words = [
        "SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "CHUNKING", "DSN", "ONEX", "XQUE", " ", "=", "\t", "1", "999",
        "size",
        "Dsn", "x", "-", "\r",
    ].map { Array($0.utf8) }
    let text: [UInt8] = input.reduce(into: []) { text, octet in
        if octet == 0x0a {
            text.append(octet)
        } else if octet < 128 {
            text += words[Int(octet) % words.count]
        } else {
            text.append(octet)
        }
    }
    let lines = text.split(separator: 0x0a, omittingEmptySubsequences: false).map { line in

        Array(line)
    }
    var options = Session.Options(clientName: Array("me".utf8), isQueueing: true, isSingle: true)
    options.usesChunking = true
    var session = Session(options)
    session.connected()
    session.receive(Array("220 hi\r\n".utf8)[...])
    _ = session.takeOutput()
    let all = [Array("you".utf8)] + lines
    for (place, line) in all.enumerated() {
        let start = Array((place + 1 == all.count ? "250 " : "250-").utf8)
        session.receive((start + line + [0x0d, 0x0a])[...])
    }
    try check(!session.isClosed, "EHLO's reply \(visible(text)) is taken")
    for keyword in ["SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "CHUNKING", "DSN", "ONEX", "XQUE"] {
        try check(session.offers(keyword) == isOffered(keyword, lines), "\(keyword) in \(visible(text))")
    }
    while session.hasOutput {
        try checkCommandLines(session.takeOutput())
        session.receive(Array("250 ok\r\n".utf8)[...])
    }
    try checkMail(&session, lines)
}

private func isOffered(_ keyword: String, _ lines: [[UInt8]]) -> Bool {
    lines.contains { line in
        let end = line.firstIndex { [0x20, 0x3d, 0x09].contains($0) } ?? line.count
        let word = String(decoding: line[..<end], as: UTF8.self)
        return word.utf8.elementsEqual(line[..<end]) && word.allSatisfy { $0.isASCII } && word.uppercased() == keyword
    }
}

/// A mail's commands are lines; its parameters are of what is offered.
private func checkMail(_ session: inout Session, _ lines: [[UInt8]]) throws {
    var envelope = Envelope(reversePath: [0x61], forwardPaths: [Array("ä@b".utf8)], size: 500, is8bit: true)
    envelope.notify = ["DELAY"]
    session.begin(envelope)
    let needs = ["8BITMIME", "SMTPUTF8"].allSatisfy { isOffered($0, lines) }
    guard session.hasOutput else {
        guard case .failed(let error)? = session.transaction?.end else { throw Violation("no reason for no MAIL") }
        try check(error.kind == .notSupported && session.isReady, "what is not supported is said so")
        return
    }
    try check(needs, "8-bit octets where they are not offered")
    let commands = session.takeOutput()
    try checkCommandLines(commands)
    let text = String(decoding: commands, as: UTF8.self)
    try check(text.hasPrefix("MAIL FROM:<a>"), "MAIL comes first")
    try check(text.contains(" SIZE=500") == isOffered("SIZE", lines), "SIZE where it is offered")
    try check(text.contains("RCPT") == isOffered("PIPELINING", lines), "a group where it is offered")
    if text.contains("RCPT") {
        try check(text.contains("NOTIFY") == isOffered("DSN", lines), "NOTIFY where it is offered")
    }
}

/// CR and LF stand together at the ends of lines only.
func checkCommandLines(_ octets: [UInt8]) throws {
    for (place, octet) in octets.enumerated() {
        let isWell =
            octet == 0x0d
            ? place + 1 < octets.count && octets[place + 1] == 0x0a
            : octet != 0x0a || place > 0 && octets[place - 1] == 0x0d
        try check(isWell, "a bare CR or LF in \(visible(octets))")
    }
    try check(octets.suffix(2) == [0x0d, 0x0a], "a line without its end in \(visible(octets))")
}
