/// Takes choices and octets from a fuzzer's input, from its start; at its end every choice is 0.
struct FuzzInput {
    /// What was not taken yet.
    private(set) var rest: ArraySlice<UInt8>

    init(_ octets: [UInt8]) { rest = octets[...] }

    var isEmpty: Bool { rest.isEmpty }

    mutating func octet() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func flag() -> Bool { octet() & 1 == 1 }

    /// A number from 0 to `limit` - 1; `limit` is at least 1.
    mutating func number(below limit: Int) -> Int {
        let high = limit > 256 ? Int(octet()) : 0
        return (high << 8 | Int(octet())) % limit
    }

    mutating func element<T>(of choices: [T]) -> T { choices[number(below: choices.count)] }

    /// The next octets, as many as the one before them says, fewer at the end.
    mutating func octets() -> [UInt8] {
        let count = Int(octet())
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// What is left.
    mutating func remainder() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }
}

/// A number that depends on all octets (FNV-1a): for choices where the input itself has no room.
func fingerprint(_ octets: [UInt8]) -> UInt64 {
    octets.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
