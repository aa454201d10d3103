import SMTP

/// The faults a sink was given.
extension SinkSession {
    /// What a fault left of a moment.
    enum Outcome: Equatable {
        /// Go on as without faults.
        case nothing
        /// The answer was given.
        case answered(Reply)
        /// There is no answer.
        case silent
        /// Take the mail, and close without an answer.
        case acceptThenDrop
    }

    /// A moment has come: the faults whose it is come into effect. The first of them that decides about the answer counts.
    mutating func meets(_ stage: Stage, _ subject: [UInt8]) -> Outcome {
        substitute = nil
        saslFault = nil
        guard let faults else { return .nothing }
        var outcome: Outcome?
        for index in faults.due(stage, subject) {
            let fault = faults.faults[index]
            if shape(fault.action) {
                fired(fault, index)
            } else if outcome == nil {
                fired(fault, index)
                outcome = decide(fault.action, stage)
            }
        }
        return outcome ?? .nothing
    }

    private mutating func fired(_ fault: Fault, _ index: Int) {
        faults?.fired(index)
        firedFaults.append(fault)
        if mailFaults.count < 1000 { mailFaults.append(fault) }
        note("fault \(fault.text)")
    }

    /// What does not decide about the answer.
    private mutating func shape(_ action: Fault.Action) -> Bool {
        switch action {
        case .delay(let milliseconds): effects.append((output.count, .delay(milliseconds: milliseconds)))
        case .rate(let speed): effects.append((output.count, .rate(octetsPerSecond: speed)))
        case .bytewise: effects.append((output.count, .bytewise))
        case .offer(let line): options.offer(line)
        case .hide(let keyword): options.hide(keyword)
        case .sasl(let fault): saslFault = saslFault ?? fault
        case .inject(let lines): injection += lines
        case .reply, .drop, .reset, .stall, .garbage, .acceptThenDrop, .tls, .truncate: return false
        }
        return true
    }

    private mutating func decide(_ action: Fault.Action, _ stage: Stage) -> Outcome {
        if stage == .tls {
            tlsFault = handshakeFault(action)
            if case .reply(let code, let lines) = action {
                handshakeReply = Self.octets(Reply(code: code, lines: words(code, lines)))
            }
            return .silent
        }
        switch action {
        case .reply(let code, let lines): return answer(Reply(code: code, lines: words(code, lines)), stage)
        case .reset:
            effects.append((output.count, .reset))
            state = .closed
        case .drop: state = .closed
        case .stall: state = .stalled
        case .garbage:
            record(.server, Self.garbage)
            output += Self.garbage + [0x0d, 0x0a]
            hasReplies = true
        case .acceptThenDrop: return .acceptThenDrop
        case .delay, .rate, .bytewise, .offer, .hide, .sasl, .inject, .tls, .truncate: return .nothing
        }
        return .silent
    }

    private mutating func answer(_ reply: Reply, _ stage: Stage) -> Outcome {
        let isGranted =
            switch stage {
            case .auth: false
            case .starttls: reply.code == 220
            default: reply.code / 100 == (stage == .data && !chunks.isBegun ? 3 : 2)
            }
        if isGranted {
            substitute = reply
            return .nothing
        }
        send(reply)
        if reply.code == 421 { state = .closed }
        return .answered(reply)
    }

    private func words(_ code: Int, _ lines: [[UInt8]]) -> [[UInt8]] {
        guard lines.isEmpty else { return lines }
        let status = options.offers("ENHANCEDSTATUSCODES") && code / 100 != 3 ? "\(code / 100).0.0 " : ""
        return [Array("\(status)\(code < 400 ? "OK" : "refused"), as asked".utf8)]
    }

    static let garbage: [UInt8] = [0x00, 0xff, 0x80] + Array("no reply".utf8)
}
