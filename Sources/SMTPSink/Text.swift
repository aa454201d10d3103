/// The octets as text, for people.
func text(_ octets: some Collection<UInt8>) -> String { String(decoding: octets, as: UTF8.self) }
