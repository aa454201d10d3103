import MIME
import Octets

/// Any octets give a tree within the limits, whose bodies lie in the source in their order, with nothing lost between;
/// and a mail that leaves no doubt gives the tree that is meant.
func checkMessage(_ input: [UInt8]) throws {
    if input.first == 2 { return try checkSketch(MailSketch(Array(input.dropFirst()))) }
    let mail = MailAlphabet.mail(input)
    let limits = limits(for: mail)
    let source = OctetBuffer(mail)
    let root = try Entity.parse(source, limits: limits)
    let all = entities(of: root)
    try check(all.count <= limits.parts, "\(all.count) entities, \(limits.parts) allowed")
    let depth = all.map(\.depth).max() ?? 0
    try check(depth <= limits.depth + 1, "depth \(depth), \(limits.depth) allowed")
    var ledger = Ledger(mail, source)
    for placed in all { try ledger.add(placed) }
    try ledger.finish()
    for placed in all { try checkEntity(placed.entity) }
    try checkHeaderLimits(mail)
}

private func checkEntity(_ entity: Entity) throws {
    for defect in entity.defects {
        try check(defect.offset >= 0, "defect \(defect.code) lies at \(defect.offset)")
    }
    try check(!entity.contentType.type.contains { 0x41...0x5A ~= $0 }, "the type has capitals")
    guard case .leaf(let source, let isDecoded) = entity.body else {
        try check(!entity.parts.isEmpty, "a container without parts")
        return
    }
    try check(!isDecoded, "a parsed body is said to be decoded")
    try checkEqual(try entity.decodedBody(), decoded(try source.readAll(), entity.transferEncoding), "the decoded body")
}

private func decoded(_ octets: [UInt8], _ encoding: TransferEncoding?) -> [UInt8] {
    switch encoding {
    case .base64: NaiveBase64.decode(octets)
    case .quotedPrintable: NaiveQuotedPrintable.decode(octets)
    default: octets
    }
}

private func checkSketch(_ sketch: MailSketch) throws {
    let found = entities(of: try Entity.parse(sketch.mail))
    let mail = visible(sketch.mail)
    try check(found.count == sketch.entities.count, "\(found.count) entities of \(sketch.entities.count) in \(mail)")
    for (placed, meant) in zip(found, sketch.entities) {
        let type = String(decoding: placed.entity.contentType.type, as: UTF8.self)
        try check(type == meant.type, "\(type) for \(meant.type) in \(mail)")
        try check(placed.depth == meant.depth, "\(type) at depth \(placed.depth), not \(meant.depth), in \(mail)")
        try check(placed.entity.parts.isEmpty == (meant.body != nil), "\(type) has parts in \(mail)")
        guard let body = meant.body else { continue }
        try checkEqual(try placed.entity.decodedBody(), body, "the body of \(type) in \(mail)")
    }
}

/// Small limits of header sections give an error or a tree, never a trap.
private func checkHeaderLimits(_ mail: [UInt8]) throws {
    var limits = ParseLimits()
    limits.fieldOctets = 40
    limits.headerOctets = 100
    limits.parameters = 2
    guard let root = try? Entity.parse(mail, limits: limits) else { return }
    for placed in entities(of: root) {
        let fields = placed.entity.header.fields.compactMap(\.raw)
        try check(fields.allSatisfy { $0.count <= 40 }, "a field of more than 40 octets")
        try check(fields.reduce(0) { $0 + $1.count } <= 100, "a header section of more than 100 octets")
    }
}

/// Accounts for the octets of a source: each is in a field, a body, or between.
private struct Ledger {
    private let mail: [UInt8]
    private let source: OctetBuffer
    /// Octets up to here are accounted for.
    private var position = 0
    private var between: [UInt8] = []
    /// Whether text may stand between fields and bodies: around parts, or an encoded message.
    private var mayHoldText = false

    init(_ mail: [UInt8], _ source: OctetBuffer) {
        self.mail = mail
        self.source = source
    }

    /// Takes the fields of an entity, and its body if it is a leaf.
    mutating func add(_ placed: PlacedEntity) throws {
        if placed.isDecoded { return }
        let entity = placed.entity
        mayHoldText = mayHoldText || !entity.parts.isEmpty && entity.contentType.isMultipart || isEncodedMessage(entity)
        try takeFields(entity.header.fields)
        guard let window = try window(of: entity) else { return }
        try check(window.base === source, "a body is not in the source")
        try check(window.range.lowerBound >= position, "a body at \(window.range) overlaps octets before \(position)")
        try check(window.range.upperBound <= mail.count, "a body at \(window.range) is beyond \(mail.count)")
        skip(to: window.range.lowerBound)
        position = window.range.upperBound
    }

    private mutating func takeFields(_ fields: [HeaderField]) throws {
        let raw = fields.flatMap { $0.raw ?? [] }
        guard !raw.isEmpty else { return }
        var start = position
        while !mail[start...].starts(with: raw) {
            start += 1
            try check(start < mail.count, "fields that are not in the source: \(visible(raw))")
        }
        skip(to: start)
        position = start + raw.count
    }

    private mutating func skip(to offset: Int) {
        between += mail[position..<offset]
        position = offset
    }

    mutating func finish() throws {
        skip(to: mail.count)
        let isEmpty = between.allSatisfy { $0 == 10 || $0 == 13 }
        try check(isEmpty || mayHoldText, "octets out of reach: \(visible(between))")
    }
}
