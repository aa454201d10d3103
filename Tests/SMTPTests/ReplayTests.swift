import Foundation
import Testing

@testable import SMTP

/// A dialogue with a real server, as Tests/servers/record.py wrote it.
private struct Recording {
    var recipients: [String] = []
    var size: Int?
    var flags: Set<String> = []
    /// In turn what the server said and what the client answered, each line with CRLF.
    var turns: [(server: [UInt8], client: [UInt8])] = []

    init(_ content: String) {
        let lines = content.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let head = lines.prefix { !$0.isEmpty }
        for line in head {
            if line.hasPrefix("recipient: ") {
                recipients.append(String(line.dropFirst(11)))
            } else if line.hasPrefix("size: ") {
                size = Int(line.dropFirst(6))
            } else {
                flags.insert(String(line))
            }
        }
        var isServer = false
        for line in lines.dropFirst(head.count + 1) {
            let octets = Array(line.dropFirst(3).utf8) + [0x0d, 0x0a]
            if line.hasPrefix("S: ") {
                if !isServer { turns.append(([], [])) }
                turns[turns.count - 1].server += octets
            } else {
                turns[turns.count - 1].client += octets
            }
            isServer = line.hasPrefix("S: ")
        }
    }

    /// The message, transparency undone.
    var message: [UInt8] {
        for turn in turns {
            let said = text(turn.client)
            if said.hasPrefix("BDAT "), let end = turn.client.firstIndex(of: 0x0a) {
                return Array(turn.client[(end + 1)...])
            }
            if said.hasSuffix("\r\n.\r\n") {
                let lines = said.dropLast(3).replacing("\r\n.", with: "\r\n")
                return octets(String(lines))
            }
        }
        return []
    }
}

@Suite("Recorded dialogues with real servers, replayed whole, by line and octet by octet")
struct ReplayTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Replays")
    static let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()

    @Test("there are some of each server")
    func recordings() {
        let servers = Set((Self.names ?? []).compactMap { $0.split(separator: "-").first })
        #expect(servers.isSuperset(of: ["aiosmtpd", "exim", "opensmtpd", "postfix", "smtp"]))
    }

    @Test("the client says the same again", arguments: names ?? [], Delivery.allCases)
    func replay(name: String, delivery: Delivery) throws {
        let recording = Recording(try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .ascii))
        var options = Session.Options(clientName: octets("client.example"))
        options.isLMTP = recording.flags.contains("lmtp")
        options.usesPipelining = !recording.flags.contains("one at a time")
        options.usesChunking = recording.flags.contains("by chunks")
        var session = Session(options)
        session.connected()
        var isBegun = false
        for turn in recording.turns {
            var said: [UInt8] = []
            for piece in delivery.pieces(of: turn.server) {
                session.receive(piece)
                go(&session, recording, &isBegun)
                said += session.takeOutput()
            }
            #expect(text(said) == text(turn.client))
        }
        #expect(session.isClosed && session.failure == nil && session.transaction != nil)
    }

    private func go(_ session: inout Session, _ recording: Recording, _ isBegun: inout Bool) {
        if session.wantsBody {
            session.write(recording.message[...])
            session.finishBody()
        } else if session.isReady, isBegun {
            session.quit()
        } else if session.isReady {
            let envelope = Envelope(
                reversePath: octets("ann@example.com"), forwardPaths: recording.recipients.map(octets),
                size: recording.size, is8bit: false)
            session.begin(envelope, requiresAllRecipients: !recording.flags.contains("at least one"))
            isBegun = true
        }
    }
}
