import Testing

@testable import Crypto

@Suite("DES")
struct DESTests {
    @Test("has the half of the LAN Manager hash of an empty password")
    func emptyPassword() throws {
        let block = try DES.encrypt(Array("KGS!@#$%".utf8), key: [UInt8](repeating: 0, count: 7))
        #expect(block == [0xAA, 0xD3, 0xB4, 0x35, 0xB5, 0x14, 0x04, 0xEE])
    }

    @Test("has the example of FIPS 46 with the key 133457799BBCDFF1")
    func example() throws {
        // 56 bits of the key: 0001001 0011010 0101011 0111100 1001101 1011110 1101111 1111000.
        let key: [UInt8] = [0x12, 0x69, 0x5B, 0xC9, 0xB7, 0xB7, 0xF8]
        let block = try DES.encrypt([0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF], key: key)
        #expect(block == [0x85, 0xE8, 0x13, 0x54, 0x0F, 0x0A, 0xB4, 0x05])
    }

    @Test("takes a block and a key of their sizes alone", arguments: [(7, 7), (8, 8), (0, 0)])
    func sizes(row: (Int, Int)) {
        #expect(throws: CryptoError.self) {
            try DES.encrypt([UInt8](repeating: 0, count: row.0), key: [UInt8](repeating: 0, count: row.1))
        }
    }
}
