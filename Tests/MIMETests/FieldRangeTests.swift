import MIME
import Octets
import Testing

@Suite("Fields that are lent")
struct FieldRangeTests {
    private static let mail = "Subject: a\r\n b \r\nX : 1\nno field\n\tmore\nx:é \r\na\r\n b: 2\r\n\r\nbody"
    private static let fields = ["Subject=a\n b", "X=1", "=no field\n\tmore", "x=é", "a\n b=2"]

    private func shown(_ entity: Entity) -> [String] {
        entity.withFields { octets, fields in
            fields.map { "\(string(octets.text($0.name, of: $0)))=\(string(octets.text($0.value, of: $0)))" }
        }
    }

    @Test(arguments: [3, 1 << 20])
    func `are those of the header, in memory or not`(chunkOctets: Int) throws {
        let entity = try Entity.parse(SlowSource(octets(Self.mail), step: 2), chunkOctets: chunkOctets)
        let lent = entity.withFields { octets, fields in fields.map { HeaderField($0, in: octets) } }
        #expect(shown(entity) == Self.fields)
        #expect(lent == entity.header.fields)
    }

    @Test func `are those of a changed header`() throws {
        let entity = try Entity.parse(octets(Self.mail))
        entity.header.set(HeaderField("Subject", text: "new"))
        #expect(shown(entity) == ["Subject=new"] + Self.fields.dropFirst())
    }

    @Test func `have the form that a caller gave`() {
        let entity = leaf("text/plain", "")
        entity.header = HeaderSection([HeaderField("A", text: "1"), HeaderField(name: octets("B"), octets: [0xE9])])
        let forms = entity.withFields { _, fields in fields.map(\.form) }
        #expect(forms == [.text, .octets])
    }
}
