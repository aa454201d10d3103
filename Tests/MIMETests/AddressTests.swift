import MIME
import Testing

/// The fields of an address as in `AddressRow`.
private func text(_ address: ParsedAddress) -> String {
    let error = address.error.map { Array("\($0.kind.rawValue):".utf8) + $0.found } ?? []
    let fields = [
        address.address, address.comment, address.domain, error, address.friendly, address.group, address.local,
        address.memberLevel, address.phrase, address.proper, address.route,
    ]
    return fields.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "|")
}

@Suite("Address lists, as Tcllib reads them")
struct AddressTests {
    @Test(arguments: ordinaryAddressRows + oddAddressRows)
    func `all fields are Tcllib's`(row: AddressRow) {
        let addresses = parseAddresses(octets(row.text)) { octets("HOST") }
        #expect(addresses.map(text) == row.addresses)
    }

    @Test func `the default domain is asked for once, and only if needed`() {
        var count = 0
        _ = parseAddresses(octets("a@b, c@d")) {
            count += 1
            return []
        }
        #expect(count == 0)
        _ = parseAddresses(octets("a, b, c")) {
            count += 1
            return octets("h")
        }
        #expect(count == 1)
    }

    @Test(arguments: [
        "(", "(a)", ";", "a:", "g:,", "a.", "a ", "@b", "a@b.c,", "<@b,", "\"", "<(a)", "[", "\\", "=?", "\u{0}",
    ])
    func `repeated input of any kind ends`(piece: String) {
        let many = Array(repeatElement(octets(piece), count: 3000).joined())
        let addresses = parseAddresses(many) { octets("h") }
        #expect(addresses.count <= many.count)
        _ = parseAddresses(octets("x") + many + octets(">;x@y")) { octets("h") }
    }
}
