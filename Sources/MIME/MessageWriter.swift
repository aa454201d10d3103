import Octets

/// Streams an entity as it goes on the wire.
///
/// What a caller made has CRLF line ends (but for `binary` bodies); what was parsed and not changed is written octet for
/// octet, also inside a message of which other parts were changed. The entity must not change while it is written.
public final class MessageWriter {
    /// Octets of a chunk, unless told otherwise.
    public static let usualChunkOctets = 65536

    private let chunkOctets: Int
    private let decisions: MessageDecisions
    private var steps: MessageSteps
    /// Whether the lines are only looked at: then boundaries are not checked, and base64 is left out.
    private let isForLines: Bool

    /// A writer of `entity`, with the fields `added` after its own, and without those whose lower-case names are in `removed`.
    ///
    /// Both concern the header section of `entity` alone. Each chunk but the last has at least `chunkOctets` octets.
    public convenience init(
        _ entity: Entity, adding added: [HeaderField] = [], removing removed: Set<[UInt8]> = [],
        chunkOctets: Int = MessageWriter.usualChunkOctets
    ) {
        let decisions = MessageDecisions(entity)
        self.init(decisions, chunkOctets, MessageSteps(entity, adding: added, removing: removed, decisions))
    }

    /// A writer of a message of which something is known.
    convenience init(_ entity: Entity, _ decisions: MessageDecisions) {
        self.init(
            decisions, Self.usualChunkOctets, MessageSteps(entity, adding: [], removing: [], decisions))
    }

    /// A writer of a part for a look at its lines, with neither a check of its boundaries nor what is base64.
    convenience init(linesOf entity: Entity, _ decisions: MessageDecisions) {
        self.init(
            decisions, Self.usualChunkOctets, MessageSteps(entity, adding: [], removing: [], decisions),
            isForLines: true)
    }

    private init(
        _ decisions: MessageDecisions, _ chunkOctets: Int, _ steps: MessageSteps, isForLines: Bool = false
    ) {
        self.decisions = decisions
        self.chunkOctets = max(chunkOctets, 1)
        self.isForLines = isForLines
        self.steps = steps
    }

    /// The whole message.
    public static func message(
        _ entity: Entity, adding added: [HeaderField] = [], removing removed: Set<[UInt8]> = []
    ) throws(MIMEError) -> [UInt8] {
        try MessageWriter(entity, adding: added, removing: removed, chunkOctets: .max).next() ?? []
    }

    /// The next octets, nil at the end. Throws `.unreadableSource`; the writer is then of no more use.
    public func next() throws(MIMEError) -> [UInt8]? {
        if !isForLines { while try decisions.checkBoundaries() {} }
        var output: [UInt8] = []
        while output.count < chunkOctets, let step = steps.next() { try write(step, into: &output) }
        return output.isEmpty ? nil : output
    }

    private func write(_ step: MessageSteps.Step, into output: inout [UInt8]) throws(MIMEError) {
        switch step {
        case .octets(let octets): output += octets
        case .entity(let entity, let isInPlace): output += try steps.open(entity, isInPlace: isInPlace)
        case .range(let source, let range, _): try startCopy(source, range, into: &output)
        case .copy(let reader):
            let chunk = try reading { () throws(SourceError) in try reader.read(atMost: readOctets) }
            if chunk.isEmpty { return }
            if output.isEmpty { output = chunk } else { output += chunk }
            steps.push(step)
        case .encode(_, .base64, _) where isForLines: break
        case .encode(let reader, var encoder, let count):
            let chunk = try reader.next(atMost: readOctets)
            if chunk.isEmpty { return encoder.finish(into: &output) }
            encoder.encode(chunk[...], into: &output)
            steps.push(.encode(reader, encoder, count: count))
        }
    }

    private var readOctets: Int { min(max(chunkOctets, 1 << 14), 1 << 18) }

    /// Begins to copy; of octets in memory one piece, the rest later.
    private func startCopy(_ source: any OctetSource, _ range: Range<Int>, into output: inout [UInt8]) throws(MIMEError)
    {
        let piece = range.prefix(readOctets)
        let copied: Void? = SourceRange(source, piece).withOctets { octets in
            output.reserveCapacity(output.count + octets.count)
            output += [UInt8](copying: octets)
        }
        if copied != nil {
            steps.push(source, piece.upperBound..<range.upperBound)
        } else {
            steps.push(.copy(try MessageSteps.reader(source, range)))
        }
    }
}
