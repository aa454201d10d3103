import MIME
import Octets
import Testing

@testable import Submission

@Suite("Measured messages")
struct MessageMeasureTests {
    @Test(
        "the size is that of CRLF lines with an end (RFC 1870 §6.1)", arguments: ["", "a", "a\n", "a\r\n", "a\rb\n\n"])
    func size(body: String) throws {
        let entity = leaf(Array(body.utf8), "text/plain", .binary)
        try check(entity)
    }

    @Test("small and large messages read the same as they were built", arguments: [10, 200_000])
    func reading(count: Int) throws {
        let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let message = try MeasuredMessage(leaf(octets, "application/zip", .base64))
        #expect(try message.octets() == (try MessageWriter.message(message.entity)))
        #expect(!message.is8bit)
    }

    @Test("sizes and 8-bit octets are exact for any message", arguments: 0..<150)
    func random(seed: UInt64) throws {
        var maker = MessageMaker(seed)
        let entity = maker.entity(depth: 3)
        try check(entity)
        let octets = try MessageWriter.message(entity)
        for source in [OctetBuffer(octets), Trickle(octets), OctetBuffer(octets.filter { $0 != 13 })]
            as [any OctetSource]
        {
            let parsed = try Entity.parse(source, chunkOctets: 64)
            try check(parsed)
            maker.change(parsed)
            try check(parsed)
        }
    }

    @Test("base64 of a source of known length is counted without reading", arguments: 0..<240)
    func counting(count: Int) throws {
        let source = Trickle(Array(repeating: 0xA5, count: count))
        let entity = Entity(
            contentType: ContentType("image/png"), body: .leaf(source, isDecoded: true), transferEncoding: nil)
        let meter = MessageMeter(entity)
        while try meter.step() {}
        #expect(source.octetsRead == 0 && source.readers == 1)
        #expect(meter.writtenOctets == (try MessageWriter.message(entity).count))
    }

    @Test(
        "a source that cannot be opened is an error of measuring, in whatever encoding",
        arguments: TransferEncoding.allCases)
    func unopenable(encoding: TransferEncoding) {
        let source = Trickle(Array(repeating: 0x41, count: 100_000))
        source.isBroken = true
        let entity = Entity(
            contentType: ContentType("text/plain"), body: .leaf(source, isDecoded: true), transferEncoding: encoding)
        #expect(throws: MIMEError.self) { _ = try MeasuredMessage(entity) }
    }

    @Test(
        "a source that shrinks, grows or vanishes after it was measured is an error",
        arguments: TransferEncoding.allCases, [-1, 1, nil] as [Int?])
    func changing(encoding: TransferEncoding, change: Int?) throws {
        let source = Trickle(Array(repeating: 0x41, count: 100_001))
        let entity = Entity(
            contentType: ContentType("application/x-any"), body: .leaf(source, isDecoded: true),
            transferEncoding: encoding)
        let message = try MeasuredMessage(entity)
        if let change {
            source.octets = Array(repeating: 0x41, count: 100_001 + 3 * change)
        } else {
            source.isBroken = true
        }
        #expect(throws: MIMEError.self) { _ = try message.octets() }
    }

    @Test("no step takes more than some thousand octets, even where lines are compared with boundaries")
    func steps() throws {
        let text = Array(repeating: Array("A line of text, as they are.\n".utf8), count: 20_000).flatMap { $0 }
        let source = Trickle(text)
        let entity = multipart(
            [
                Entity(
                    contentType: ContentType("text/plain"), body: .leaf(source, isDecoded: true), transferEncoding: nil)
            ], boundary: "b")
        let measure = MessageMeasure(entity)
        var before = 0
        while try measure.step() == nil {
            #expect(source.octetsRead - before <= 1 << 18)
            before = source.octetsRead
        }
        // The encoding is chosen, lines are compared, octets counted.
        #expect(source.octetsRead == 3 * text.count)
    }

    private func check(_ entity: Entity, _ location: SourceLocation = #_sourceLocation) throws {
        let built = try MessageWriter.message(entity)
        var canonical: [UInt8] = []
        var canonicalizer = LineEndCanonicalizer()
        canonicalizer.append(built[...], to: &canonical)
        canonicalizer.finish(to: &canonical)
        if !canonical.isEmpty, canonical.last != 0x0A { canonical += [0x0D, 0x0A] }
        let meter = MessageMeter(entity)
        while try meter.step() {}
        let message = try MeasuredMessage(entity)
        #expect(meter.size == canonical.count, sourceLocation: location)
        #expect(message.size == canonical.count, sourceLocation: location)
        #expect(meter.writtenOctets == built.count, sourceLocation: location)
        #expect(try message.octets() == built, sourceLocation: location)
        #expect((meter.is8bit || meter.hasInternationalHeader) == !built.span.isASCII, sourceLocation: location)
        #expect(message.is8bit == meter.is8bit, sourceLocation: location)
        #expect(message.hasInternationalHeader == meter.hasInternationalHeader, sourceLocation: location)
        #expect(
            hasInternationalHeader(try Entity.parse(built)) == meter.hasInternationalHeader, sourceLocation: location)
    }

    private func hasInternationalHeader(_ entity: Entity) -> Bool {
        if !entity.withFields({ octets, _ in octets.isASCII }) { return true }
        let isEncoded = entity.transferEncoding?.isIdentity == false
        return !isEncoded && entity.parts.contains { hasInternationalHeader($0) }
    }
}

extension MeasuredMessage {
    /// All octets of the message.
    func octets() throws -> [UInt8] {
        let next = makeReader()
        var octets: [UInt8] = []
        while let chunk = try next() { octets += chunk }
        return octets
    }
}

func leaf(_ octets: [UInt8], _ type: String, _ encoding: TransferEncoding?) -> Entity {
    Entity(
        contentType: ContentType(type), body: .leaf(OctetBuffer(octets), isDecoded: true), transferEncoding: encoding)
}

func multipart(_ parts: [Entity], _ subtype: String = "mixed", boundary: String? = nil) -> Entity {
    var type = ContentType("multipart/" + subtype)
    type["boundary"] = boundary.map { Array($0.utf8) }
    return Entity(contentType: type, body: .parts(parts))
}

/// A source that is not in memory, may change, and counts what is read of it.
final class Trickle: OctetSource {
    var octets: [UInt8]
    var isBroken = false
    private(set) var octetsRead = 0
    private(set) var readers = 0

    init(_ octets: [UInt8]) { self.octets = octets }

    var octetCount: Int? { octets.count }

    func makeReader() throws(SourceError) -> any OctetReader {
        if isBroken { throw SourceError(message: "broken") }
        readers += 1
        return Reader(self)
    }

    private final class Reader: OctetReader {
        private let source: Trickle
        private var position = 0

        init(_ source: Trickle) { self.source = source }

        func read(atMost count: Int) throws(SourceError) -> [UInt8] {
            let chunk = Array(source.octets.dropFirst(position).prefix(count))
            position += chunk.count
            source.octetsRead += chunk.count
            return chunk
        }

        func seek(to offset: Int) throws(SourceError) { position = offset }
    }
}

/// Makes messages from a seed.
struct MessageMaker {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func number(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }

    private mutating func one<T>(_ values: [T]) -> T { values[number(below: values.count)] }

    /// Octets of all sorts: text with any line ends, long lines, octets above 127, lines like delimiters.
    mutating func octets(withDelimiters: Bool = true) -> [UInt8] {
        let kinds: [[UInt8]] = [
            [10], [13, 10], [13], [0xC3, 0xA4], [0], Array((withDelimiters ? "--b\r\n" : "--\r\n").utf8),
            Array("From me".utf8), [46, 10],
            Array("some words here ".utf8), [10, 10], Array(repeating: 0x78, count: 1000),
        ]
        let usable = (0..<1 + number(below: 6)).map { _ in one(kinds) }
        var result: [UInt8] = []
        for _ in 0..<number(below: one([1, 20, 3000])) { result += one(usable) }
        return result
    }

    mutating func source(_ octets: [UInt8]) -> any OctetSource {
        one([0, 1]) == 0 ? OctetBuffer(octets) : Trickle(octets)
    }

    mutating func entity(depth: Int) -> Entity {
        let entity: Entity
        switch depth == 0 ? 0 : number(below: 4) {
        case 1:
            let parts = (0..<number(below: 4)).map { _ in self.entity(depth: depth - 1) }
            entity = multipart(parts, boundary: one([nil, "b", "other one"]))
        case 2:
            entity = Entity(contentType: ContentType("message/rfc822"), body: .parts([self.entity(depth: depth - 1)]))
        default:
            let type = one(["text/plain", "text/html", "application/x-any", "image/png"])
            entity = Entity(
                contentType: ContentType(type), body: .leaf(source(octets()), isDecoded: true),
                transferEncoding: one(TransferEncoding.allCases + [nil]))
        }
        addField(to: entity)
        return entity
    }

    private mutating func addField(to entity: Entity) {
        let name = one(["Subject", "To", "X-Any"])
        let value = one(["plain", "Grüße", "ä@example.com", "\"ä b\" <a@example.com>"])
        if number(below: 2) == 0 { entity.header.append(HeaderField(name, text: value)) }
        if number(below: 8) == 0 { entity.header.append(HeaderField(parsing: Array("X-Raw: \(value)\n".utf8))) }
    }

    /// Changes some parts of a parsed message; no new line is like a delimiter of those that were parsed.
    mutating func change(_ root: Entity) {
        var pending = [root]
        while let entity = pending.popLast() {
            switch number(below: 6) {
            case 0: addField(to: entity)
            case 1 where entity.isLeaf: entity.transferEncoding = .base64
            case 2 where entity.isLeaf: entity.body = .leaf(source(octets(withDelimiters: false)), isDecoded: true)
            case 3 where !entity.isLeaf && entity.contentType.isMultipart: entity.body = .parts(entity.parts.reversed())
            default: break
            }
            pending += entity.parts
        }
    }
}
