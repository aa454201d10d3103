import Octets

/// Counts what a `MessageWriter` would write, without building what need not be looked at.
///
/// The length of base64 follows from that of its source, which is opened but not read. All else is read once.
/// The entity must not change while it is measured, nor until the last writer is done.
public final class MessageMeter {
    /// Octets on the wire: lines with CRLF, the last one ended, without transparency (RFC 1870 §6.1).
    public var size: Int { lines.octets }
    /// The octets that a writer will give.
    public private(set) var writtenOctets = 0
    /// Whether an octet outside header sections is above 127 (RFC 6152).
    public private(set) var is8bit = false
    /// Whether an octet in a header section, the message's or a part's, is above 127 (RFC 6532).
    public private(set) var hasInternationalHeader = false

    private enum Work {
        case choose(Entity, isInPlace: Bool)
        case memory(SourceRange, at: Int, HeaderMap)
        case read(any OctetReader, at: Int, HeaderMap)
        case encode(BodyReader, LeafEncoder)
    }

    private let root: Entity
    private let decisions: MessageDecisions
    private var steps: MessageSteps
    private var work: Work?
    private var lines = LineMeasure()

    private static let mostOctets = 1 << 16

    /// A meter of `entity`.
    public init(_ entity: Entity) {
        root = entity
        decisions = MessageDecisions(entity)
        steps = MessageSteps(entity, adding: [], removing: [], decisions)
    }

    /// A writer of the message, which need not find out again what the meter has found out.
    public func makeWriter() -> MessageWriter { MessageWriter(root, decisions) }

    /// Goes on by some thousand octets; false at the end. Throws `.unreadableSource`.
    public func step() throws(MIMEError) -> Bool {
        if try decisions.checkBoundaries() { return true }
        if let work {
            self.work = nil
            try go(on: work)
            return true
        }
        guard let step = steps.next() else { return false }
        try begin(step)
        return true
    }

    private func begin(_ step: MessageSteps.Step) throws(MIMEError) {
        switch step {
        case .octets(let octets): count(octets.span)
        case .entity(let entity, let isInPlace): try choose(entity, isInPlace)
        case .range(let source, let range, let tree):
            let map = HeaderMap(tree, from: range.lowerBound)
            if source.memory != nil {
                work = .memory(SourceRange(source, range), at: range.lowerBound, map)
            } else {
                work = .read(try MessageSteps.reader(source, range), at: range.lowerBound, map)
            }
        case .copy: preconditionFailure("only a writer has such a step")
        case .encode(let reader, let encoder, let octetCount):
            guard let octetCount, countBase64(octetCount) else { return work = .encode(reader, encoder) }
        }
    }

    private func choose(_ entity: Entity, _ isInPlace: Bool) throws(MIMEError) {
        if try decisions.choose(for: entity) { return work = .choose(entity, isInPlace: isInPlace) }
        let header = try steps.open(entity, isInPlace: isInPlace)
        if !header.span.isASCII { hasInternationalHeader = true }
        countLines(header.span)
    }

    private func go(on work: Work) throws(MIMEError) {
        switch work {
        case .choose(let entity, let isInPlace): try choose(entity, isInPlace)
        case .memory(let window, let at, var map):
            let end = min(at + Self.mostOctets, window.range.upperBound)
            _ = SourceRange(window.base, at..<end).withOctets { count($0, at: at, &map) }
            if end < window.range.upperBound { self.work = .memory(window, at: end, map) }
        case .read(let reader, let at, var map):
            let chunk = try reading { () throws(SourceError) in try reader.read(atMost: Self.mostOctets) }
            if chunk.isEmpty { return }
            count(chunk.span, at: at, &map)
            self.work = .read(reader, at: at + chunk.count, map)
        case .encode(let reader, var encoder):
            if try encode(reader, &encoder) { self.work = .encode(reader, encoder) }
        }
    }

    /// Counts the next octets of a body as they are encoded; false at the end.
    private func encode(_ reader: BodyReader, _ encoder: inout LeafEncoder) throws(MIMEError) -> Bool {
        let chunk = try reader.next(atMost: Self.mostOctets)
        switch encoder {
        case .untouched: count(chunk.span)
        case .lines:
            if !chunk.span.isASCII { is8bit = true }
            let before = lines.octetsSoFar
            lines.append(chunk.span)
            writtenOctets += lines.octetsSoFar - before
            if chunk.isEmpty { lines.settle() }
        case .base64, .quotedPrintable, .quotedPrintablePart:
            var encoded: [UInt8] = []
            if chunk.isEmpty { encoder.finish(into: &encoded) } else { encoder.encode(chunk[...], into: &encoded) }
            countLines(encoded.span)
        }
        return !chunk.isEmpty
    }

    // MARK: Counting

    private func countBase64(_ octetCount: Int) -> Bool {
        let before = lines.octetsSoFar
        guard lines.append(base64Of: octetCount) else { return false }
        writtenOctets += lines.octetsSoFar - before
        return true
    }

    private func countLines(_ octets: Span<UInt8>) {
        lines.append(octets)
        writtenOctets += octets.count
    }

    private func count(_ octets: Span<UInt8>) {
        if !is8bit, !octets.isASCII { is8bit = true }
        countLines(octets)
    }

    private func count(_ octets: Span<UInt8>, at offset: Int, _ map: inout HeaderMap) {
        countLines(octets)
        if is8bit && hasInternationalHeader || octets.isASCII { return }
        map.split(offset..<offset + octets.count) { range, isHeader in
            if octets.extracting(range.lowerBound - offset..<range.upperBound - offset).isASCII { return }
            if isHeader { hasInternationalHeader = true } else { is8bit = true }
        }
    }
}

/// Tells header sections from bodies in the octets of a source, front to back.
private struct HeaderMap {
    private let tree: EntityTree?
    private var next = 0

    init(_ tree: EntityTree?, from start: Int) {
        self.tree = tree
        guard let tree else { return }
        var end = tree.nodes.count
        while next < end {
            let middle = next + (end - next) / 2
            if tree.nodes[middle].bodyStart <= start { next = middle + 1 } else { end = middle }
        }
    }

    /// Gives the pieces of `range` that lie in a header section, and those that do not.
    mutating func split(_ range: Range<Int>, _ take: (Range<Int>, _ isHeader: Bool) -> Void) {
        var at = range.lowerBound
        while at < range.upperBound {
            let header = header(at: at)
            let isHeader = header.contains(at)
            let end = min(isHeader ? header.upperBound : max(header.lowerBound, at), range.upperBound)
            take(at..<end, isHeader)
            at = end
        }
    }

    /// The first header section that ends behind an offset; beyond all octets if there is none.
    private mutating func header(at offset: Int) -> Range<Int> {
        guard let nodes = tree?.nodes else { return .max..<(.max) }
        while next < nodes.count, nodes[next].bodyStart <= offset { next += 1 }
        guard next < nodes.count else { return .max..<(.max) }
        return nodes[next].range.lowerBound..<nodes[next].bodyStart
    }
}
