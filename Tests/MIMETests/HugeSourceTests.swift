import MIME
import Octets
import Testing

@Suite("Sources that say they are huge")
struct HugeSourceTests {
    /// A sparse file may have as many octets as a number can tell.
    @Test(arguments: [Int.max, .max - 1, 1 << 62], ["7bit", "base64", "quoted-printable"])
    func `are parsed and measured`(count: Int, encoding: String) throws {
        let head = "Content-Transfer-Encoding: \(encoding)\n\n"
        let entity = try Entity.parse(HugeSource(octets(head), count: count), chunkOctets: 64)
        let rest = count - head.utf8.count
        #expect(try entity.size() == (encoding == "base64" ? rest / 4 * 3 + (rest % 4 * 3 + 2) / 4 : rest))
    }

    @Test func `three quarters are rounded`() {
        #expect((0..<9).allSatisfy { Base64.usualCount(of: $0) == ($0 * 3 + 2) / 4 })
    }
}

/// A header, and NUL after it.
private final class HugeSource: OctetSource {
    private let start: [UInt8]
    let octetCount: Int?

    init(_ start: [UInt8], count: Int) {
        self.start = start
        octetCount = count
    }

    func makeReader() throws(SourceError) -> any OctetReader { Reader(start) }

    private final class Reader: OctetReader {
        private let start: [UInt8]
        private var position = 0

        init(_ start: [UInt8]) { self.start = start }

        func read(atMost count: Int) throws(SourceError) -> [UInt8] {
            let first = Array(start.dropFirst(position).prefix(count))
            position += count
            return first + [UInt8](repeating: 0, count: count - first.count)
        }

        func seek(to offset: Int) throws(SourceError) { position = offset }
    }
}
