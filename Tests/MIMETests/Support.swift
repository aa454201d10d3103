import MIME
import Octets
import Testing

/// The UTF-8 octets of `text`.
func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Octets as text, for messages of failed tests.
func string(_ octets: some Collection<UInt8>) -> String { String(decoding: octets, as: UTF8.self) }

/// A leaf made by a caller.
func leaf(_ type: String, _ body: String, _ encoding: TransferEncoding? = nil, charset: String? = nil) -> Entity {
    var contentType = ContentType(type)
    contentType["charset"] = charset.map(octets)
    return Entity(
        contentType: contentType, body: .leaf(OctetBuffer(octets(body)), isDecoded: true), transferEncoding: encoding)
}

/// The whole message as text.
func message(_ entity: Entity) throws -> String { string(try MessageWriter.message(entity)) }

/// The tree of an entity: types, and the decoded bodies of leaves.
func tree(_ entity: Entity) throws -> String {
    let type = string(entity.contentType.type)
    guard case .parts(let parts) = entity.body else { return "\(type)=\(string(try entity.decodedBody()))" }
    return "\(type)(\(try parts.map(tree).joined(separator: ",")))"
}

/// All entities of a tree, containers first.
func all(_ entity: Entity) -> [Entity] { [entity] + entity.parts.flatMap(all) }

/// A source that gives few octets at a time and does not know its length.
final class SlowSource: OctetSource {
    private let octets: [UInt8]
    private let step: Int

    init(_ octets: [UInt8], step: Int) {
        self.octets = octets
        self.step = step
    }

    var octetCount: Int? { nil }

    func makeReader() throws(SourceError) -> any OctetReader { Reader(octets, step) }

    private final class Reader: OctetReader {
        let octets: [UInt8]
        let step: Int
        var position = 0

        init(_ octets: [UInt8], _ step: Int) {
            self.octets = octets
            self.step = step
        }

        func read(atMost count: Int) throws(SourceError) -> [UInt8] {
            let end = min(position + min(count, step), octets.count)
            defer { position = end }
            return Array(octets[position..<end])
        }

        func seek(to offset: Int) throws(SourceError) { position = min(offset, octets.count) }
    }
}

/// A source that cannot be read beyond its first octets.
final class BrokenSource: OctetSource {
    let octetCount: Int? = 100

    func makeReader() throws(SourceError) -> any OctetReader { Reader() }

    private final class Reader: OctetReader {
        var hasRead = false

        func read(atMost count: Int) throws(SourceError) -> [UInt8] {
            if hasRead { throw SourceError(message: "input/output error", errorCode: ["POSIX", "EIO"]) }
            hasRead = true
            return Array("Subject: x\n\nbody".utf8)
        }

        func seek(to offset: Int) throws(SourceError) {}
    }
}
