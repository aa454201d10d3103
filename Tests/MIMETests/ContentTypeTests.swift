import MIME
import Testing

@Suite("Content-Type, RFC 2045 §5")
struct ContentTypeTests {
    @Test func `type and subtype are lower case`() throws {
        #expect(try ContentType(parsing: Array("Text/HTML".utf8)).type == Array("text/html".utf8))
    }
}
