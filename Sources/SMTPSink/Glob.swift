import Octets

/// A pattern as of Tcl's `string match`: `*`, `?`, `[a-z]` and `\x`; letters of ASCII match in either case.
///
/// The work is at most the product of the two lengths.
struct Glob {
    private enum Element {
        case any, anyRun
        case octets([ClosedRange<UInt8>])
    }

    private let elements: [Element]

    init(_ pattern: String) {
        var rest = Array(pattern.utf8)[...]
        var elements: [Element] = []
        while let octet = rest.popFirst() {
            switch octet {
            case 0x2a: elements.append(.anyRun)
            case 0x3f: elements.append(.any)
            case 0x5b: elements.append(.octets(Self.ranges(&rest)))
            case 0x5c: elements.append(.octets([Self.single(rest.popFirst() ?? 0x5c)]))
            default: elements.append(.octets([Self.single(octet)]))
            }
        }
        self.elements = elements
    }

    func matches(_ octets: [UInt8]) -> Bool {
        var (place, at) = (0, 0)
        var retry: (place: Int, at: Int)?
        while at < octets.count {
            if place < elements.count, case .anyRun = elements[place] {
                place += 1
                retry = (place, at)
            } else if place < elements.count, Self.holds(elements[place], octets[at].asciiLowercased) {
                (place, at) = (place + 1, at + 1)
            } else if let last = retry {
                (place, at) = (last.place, last.at + 1)
                retry = (place, at)
            } else {
                return false
            }
        }
        return elements[place...].allSatisfy { if case .anyRun = $0 { true } else { false } }
    }

    /// What stands between brackets; an open one goes on to the end.
    private static func ranges(_ rest: inout ArraySlice<UInt8>) -> [ClosedRange<UInt8>] {
        var list: [ClosedRange<UInt8>] = []
        while let octet = rest.popFirst(), octet != 0x5d {
            if rest.first == 0x2d, let end = rest.dropFirst().first, end != 0x5d {
                rest = rest.dropFirst(2)
                let (low, high) = (octet.asciiLowercased, end.asciiLowercased)
                list.append(min(low, high)...max(low, high))
            } else {
                list.append(single(octet))
            }
        }
        return list
    }

    private static func single(_ octet: UInt8) -> ClosedRange<UInt8> { octet.asciiLowercased...octet.asciiLowercased }

    private static func holds(_ element: Element, _ octet: UInt8) -> Bool {
        switch element {
        case .any, .anyRun: true
        case .octets(let ranges): ranges.contains { $0.contains(octet) }
        }
    }
}
