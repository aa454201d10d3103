/// Whether two words differ in the case of ASCII letters at most.
func isSameWord(_ one: some Sequence<UInt8>, _ other: some Sequence<UInt8>) -> Bool {
    one.elementsEqual(other) { lowercased($0) == lowercased($1) }
}

/// The octet, an ASCII capital letter made small.
func lowercased(_ octet: UInt8) -> UInt8 { (0x41...0x5a).contains(octet) ? octet + 0x20 : octet }

/// The octets as text, for people.
func text(_ octets: some Collection<UInt8>) -> String { String(decoding: octets, as: UTF8.self) }
