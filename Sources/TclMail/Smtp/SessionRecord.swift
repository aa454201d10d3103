import Capture
import SMTP
import TclBridge
import Transport

/// What was said on one connection, in bounded memory: its first lines and its last ones.
final class SessionRecord {
    /// Who said a line.
    enum Speaker: String {
        case client = ">"
        case server = "<"
        case remark = "!"
    }

    private struct Line {
        let nanoseconds: Int
        let speaker: Speaker
        let octets: [UInt8]
    }

    /// Lines kept from the start, and from the end.
    private static let headLines = 100
    private static let tailLines = 100
    /// Octets kept of a line.
    private static let lineOctets = 512

    let title: String
    private let started = timestamp()
    private let origin = SystemClock.monotonic()
    private var head: [Line] = []
    private var tail: [Line] = []
    private var tailStart = 0
    private var omitted = 0

    /// The record of a connection to a server, as the script named it.
    init(title: String) { self.title = title }

    func note(_ events: [DialogueEvent]) {
        for event in events {
            switch event {
            case .sent(let line, _): append(.client, line)
            case .received(let line): append(.server, line)
            case .remark(let text): append(.remark, Array(text.utf8))
            }
        }
    }

    func note(_ text: String) { append(.remark, Array(text.utf8)) }

    private func append(_ speaker: Speaker, _ octets: [UInt8]) {
        let line = Line(
            nanoseconds: SystemClock.monotonic() - origin, speaker: speaker,
            octets: octets.count > Self.lineOctets ? Array(octets.prefix(Self.lineOctets)) : octets)
        if head.count < Self.headLines { return head.append(line) }
        if tail.count < Self.tailLines { return tail.append(line) }
        tail[tailStart] = line
        tailStart = (tailStart + 1) % Self.tailLines
        omitted += 1
    }

    /// The record as text, a line each: milliseconds since the start, who, what.
    var text: String {
        var lines = ["\(started) \(title)"]
        lines += head.map(Self.text)
        if omitted > 0 { lines.append("          ! \(omitted) lines left out") }
        lines += (tail[tailStart...] + tail[..<tailStart]).map(Self.text)
        return lines.joined(separator: "\n")
    }

    private static func text(_ line: Line) -> String {
        let time = decimal(nanoseconds: line.nanoseconds)
        let padding = String(repeating: " ", count: max(0, 9 - time.utf8.count))
        return "\(padding)\(time) \(line.speaker.rawValue) \(TclError.visible(line.octets))"
    }
}

/// Milliseconds with three decimals.
func decimal(nanoseconds: Int) -> String {
    let micros = max(nanoseconds, 0) / 1000
    let fraction = String(micros % 1000)
    return "\(micros / 1000).\(String(repeating: "0", count: 3 - fraction.utf8.count))\(fraction)"
}
