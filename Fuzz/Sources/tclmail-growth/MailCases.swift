import MIME
import Octets

/// Messages that are built, and parsed ones that are changed.
let mailCases: [GrowthCase] = [
    building("parts") { size in
        Entity(contentType: ContentType("multipart/x"), body: .parts((0..<size).map { _ in leaf("x") }))
    },
    building("multiparts in each other") { size in
        (0..<size).reduce(leaf("x")) { inner, _ in
            Entity(contentType: ContentType("multipart/x"), body: .parts([inner]))
        }
    },
    building("messages in each other") { size in
        (0..<size).reduce(leaf("x")) { inner, _ in
            Entity(contentType: ContentType("message/rfc822"), body: .parts([inner]))
        }
    },
    building("a long body") { leaf(String(decoding: many("text é \n", $0), as: UTF8.self)) },
    building("a long line") { leaf(String(decoding: many("x", $0), as: UTF8.self)) },
    building("fields") { size in
        let entity = leaf("x")
        entity.header = HeaderSection((0..<size).map { HeaderField("X-\($0)", text: "é") })
        return entity
    },
    building("parameters") { size in
        let entity = leaf("x")
        entity.contentType.parameters = (0..<size).map {
            ContentType.Parameter(name: Array("a\($0)".utf8), value: Array("é".utf8))
        }
        return entity
    },
    building("a long parameter") { size in
        let entity = leaf("x")
        entity.contentType.parameters = [ContentType.Parameter(name: Array("name".utf8), value: many("é ", size))]
        return entity
    },
    GrowthCase("change: every part of a multipart") { size in
        let mail = many("Content-Type: multipart/x; boundary=b\n\n", 1) + many("--b\nA: b\n\nx\n", size)
        return {
            var limits = ParseLimits()
            limits.parts = .max
            let root = try Entity.parse(mail, limits: limits)
            for part in root.parts { part.header.set(HeaderField("A", text: "c")) }
            _ = try MessageWriter.message(root)
        }
    },
    sevenBit("parts") { many("Content-Type: multipart/x; boundary=b\n\n", 1) + many("é\n--b\nA: é\n\né\n", $0) },
    sevenBit("multiparts in each other") { size in
        many(size) { "Content-Type: multipart/x; boundary=b\($0)x\n\né\n--b\($0)x\n" } + many("\né\n", 1)
    },
    sevenBit("messages in each other") { many("Content-Type: message/rfc822\nA: é\n\n", $0) + many("\né\n", 1) },
    sevenBit("signed parts") { size in
        many("Content-Type: multipart/x; boundary=b\n\n", 1)
            + many("--b\nContent-Type: multipart/signed; boundary=s\n\n--s\n\nx\n--b\n\né\n", size)
    },
    sevenBit("fields") { many("A: é\n", $0) + many("\né\n", 1) },
    sevenBit("a long body") { many("Content-Transfer-Encoding: base64\n\n", 1) + many("YWJjé", $0) },
]

/// Measuring a mail and its 7-bit form, and writing that.
private func sevenBit(_ name: String, _ make: @escaping @Sendable (Int) -> [UInt8]) -> GrowthCase {
    GrowthCase("7-bit: \(name)") { size in
        let mail = make(size)
        return {
            var limits = ParseLimits()
            limits.parts = .max
            limits.depth = .max
            limits.headerOctets = .max
            let root = try Entity.parse(mail, limits: limits)
            let form = SevenBitForm(root)
            while try form.step() {}
            for entity in [root, form.entity] {
                let meter = MessageMeter(entity)
                while try meter.step() {}
                let writer = meter.makeWriter()
                while try writer.next() != nil {}
            }
        }
    }
}

private func leaf(_ text: String) -> Entity {
    Entity(contentType: ContentType("text/plain"), body: .leaf(OctetBuffer(Array(text.utf8)), isDecoded: true))
}

private func building(_ name: String, _ make: @escaping @Sendable (Int) -> Entity) -> GrowthCase {
    GrowthCase("build: \(name)") { size in
        let entity = make(size)
        return {
            _ = try MessageWriter.message(entity)
            let writer = MessageWriter(entity, chunkOctets: 1000)
            while try writer.next() != nil {}
            _ = try entity.size()
        }
    }
}
