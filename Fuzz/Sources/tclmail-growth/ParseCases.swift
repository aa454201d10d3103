import MIME
import Octets

/// Mails that parsers have choked on; all is read, decoded and written back.
let parseCases: [GrowthCase] = [
    parsing("fields") { many("Name: value\n", $0) },
    parsing("fields of different names") { many($0) { "X-\($0): value\n" } },
    parsing("empty fields") { many("A:\r\n", $0) },
    parsing("folds") { Array("A: b\n".utf8) + many(" c\n", $0) },
    parsing("blank folds") { Array("A: b\n".utf8) + many(" \n", $0) },
    parsing("a long field") { Array("A: ".utf8) + many("x", $0) },
    parsing("lines that are no fields") { many("no colon here\n", $0) + many("A: b\n", 1) },
    parsing("text in the place of fields") { many("no colon here\n", $0) },
    parsing("Content-Types") { many("Content-Type: a/b\n", $0) },
    parsing("Content-Transfer-Encodings") { many("Content-Transfer-Encoding: x\n", $0) },
    parsing("parameters") { Array("Content-Type: a/b".utf8) + many($0) { "; a\($0)=b" } },
    parsing("one parameter again and again") { Array("Content-Type: a/b".utf8) + many("; a=b", $0) },
    parsing("comments in a Content-Type") { Array("Content-Type: a/b ".utf8) + many("(", $0) },
    parsing("empty lines") { many("\n", $0) },
    parsing("CRs") { many("\r", $0) },
    parsing("CRs before LFs") { many("\r\r\n", $0) },
    parsing("NULs") { many("\0", $0) },
    parsing("a long line") { Array("\n".utf8) + many("x", $0) },
    parsing("parts") { multipart + many("--b\n\nx\n", $0) },
    parsing("empty parts") { multipart + many("--b\n", $0) },
    parsing("parts with fields") { multipart + many("--b\nA: b\nContent-Type: text/html\n\nx\n", $0) },
    parsing("parts that begin with text") { multipart + many("--b\ntext\n", $0) },
    parsing("close-delimiters") { multipart + many("--b--\n", $0) },
    parsing("lines like delimiters") { multipart + many("--bb\n", $0) },
    parsing("lines of hyphens") { multipart + many("--\n", $0) },
    parsing("blanks behind a delimiter") { multipart + Array("--b".utf8) + many(" ", $0) },
    parsing("a long line that begins as a delimiter") { multipart + Array("--b".utf8) + many("-", $0) },
    parsing("a long boundary") {
        let boundary = many("b", $0)
        return Array("Content-Type: multipart/x; boundary=".utf8) + boundary + many("\n\n--", 1) + boundary
    },
    parsing("multiparts in each other") { many($0) { "Content-Type: multipart/x; boundary=b\($0)x\n\n--b\($0)x\n" } },
    parsing("multiparts of one boundary") { many("Content-Type: multipart/x; boundary=b\n\n--b\n", $0) },
    parsing("multiparts that end") { size in
        many(size) { "Content-Type: multipart/x; boundary=b\($0)x\n\n--b\($0)x\n" }
            + many(size) { "--b\(size - 1 - $0)x--\n" }
    },
    parsing("messages in each other") { many("Content-Type: message/rfc822\n\n", $0) },
    parsing("messages side by side") { multipart + many("--b\nContent-Type: message/rfc822\n\nA: b\n\nx\n", $0) },
    parsing("encoded messages side by side") {
        multipart
            + many("--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQTogYgoKeA==\n", $0)
    },
]

private let multipart = Array("Content-Type: multipart/x; boundary=b\n\n".utf8)

/// Parses from memory and from a source in small pieces, without limits but that of depth, which bounds the work of a line.
private func parsing(_ name: String, _ mail: @escaping @Sendable (Int) -> [UInt8]) -> GrowthCase {
    GrowthCase("parse: \(name)") { size in
        let mail = mail(size)
        var limits = ParseLimits()
        (limits.parts, limits.parameters) = (.max, .max)
        return {
            for source in [OctetBuffer(mail), PiecedSource(mail)] as [any OctetSource] {
                try useAll(try Entity.parse(source, limits: limits))
            }
        }
    }
}

/// Asks a tree for all that it has.
func useAll(_ root: Entity) throws {
    var pending = [root]
    while let entity = pending.popLast() {
        pending += entity.parts
        _ = (entity.header.fields.count, entity.header.names.count, entity.contentType, entity.defects.count)
        _ = (entity.declaredEncoding, entity.mimeVersion)
        if entity.parts.isEmpty { _ = try entity.decodedBody() }
    }
    _ = try root.size()
    _ = try MessageWriter.message(root)
    root.header.append(HeaderField("X-New", text: "x"))
    _ = try MessageWriter.message(root)
}

/// A source in pieces of 100 octets.
final class PiecedSource: OctetSource {
    private let octets: [UInt8]
    let octetCount: Int?

    init(_ octets: [UInt8]) {
        self.octets = octets
        octetCount = octets.count
    }

    func makeReader() throws(SourceError) -> any OctetReader { Reader(octets) }

    private final class Reader: OctetReader {
        private let octets: [UInt8]
        private var position = 0

        init(_ octets: [UInt8]) { self.octets = octets }

        func read(atMost count: Int) throws(SourceError) -> [UInt8] {
            let start = position
            position = min(position + min(max(count, 0), 100), octets.count)
            return Array(octets[start..<position])
        }

        func seek(to offset: Int) throws(SourceError) { position = min(max(offset, 0), octets.count) }
    }
}
