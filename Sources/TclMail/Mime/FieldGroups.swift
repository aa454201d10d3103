import MIME
import Octets

/// The fields of a header section in the order in which `getheader` shows them: those of one name follow the first.
struct FieldGroups {
    /// The first field of each name, in order.
    let firsts: [Int]
    /// For each field the next one of its name; 0 after the last.
    private let nexts: [Int]

    init(_ fields: [FieldRange], in octets: Span<UInt8>, where isListed: (Span<UInt8>) -> Bool) {
        var firsts: [Int] = []
        var nexts = [Int](repeating: 0, count: fields.count)
        var lasts = nexts
        var known: [Int: Int] = [:]
        known.reserveCapacity(fields.count)
        for (index, field) in fields.enumerated() {
            let name = octets.extracting(field.name)
            guard isListed(name) else { continue }
            var key = name.hashIgnoringCase
            while let first = known[key], !octets.extracting(fields[first].name).equalsIgnoringCase(name) { key &+= 1 }
            if let first = known[key] {
                nexts[lasts[first]] = index
                lasts[first] = index
            } else {
                known[key] = index
                lasts[index] = index
                firsts.append(index)
            }
        }
        (self.firsts, self.nexts) = (firsts, nexts)
    }

    /// The next field of the same name.
    func next(after field: Int) -> Int? { nexts[field] == 0 ? nil : nexts[field] }
}

extension Span<UInt8> {
    /// The same for names that differ in the case of letters only; nobody can foresee it.
    fileprivate var hashIgnoringCase: Int {
        var hasher = Hasher()
        var word: UInt64 = UInt64(count)
        for index in indices {
            word = word << 8 | UInt64(self[index] | 0x20)
            if index & 7 == 7 {
                hasher.combine(word)
                word = 0
            }
        }
        hasher.combine(word)
        return hasher.finalize()
    }
}
