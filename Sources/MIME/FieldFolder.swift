import Octets

/// Folds the lines of a field that are too long (RFC 5322 §2.1.1, §2.2.3).
enum FieldFolder {
    /// The columns a folded line should have.
    private static let width = 78

    /// `field`, whose lines are parted by CRLF, its lines over 998 octets folded near 78 columns.
    ///
    /// Lines are folded at blanks; in structured fields also where a blank may be put without changing the meaning.
    static func fold(_ field: [UInt8], _ kind: FieldKind) -> [UInt8] {
        guard isAnyLineTooLong(field) else { return field }
        let lines = field.split(separator: 10, omittingEmptySubsequences: false)
        return Array(
            lines.map { fold(line: $0.last == 13 ? $0.dropLast() : $0, kind) }.joined(separator: [13, 10]))
    }

    private static func isAnyLineTooLong(_ field: [UInt8]) -> Bool {
        guard field.count > FieldWriter.longestLine else { return false }
        var start = 0
        for index in field.indices where field[index] == 10 {
            if index - start > FieldWriter.longestLine + 1 { return true }
            start = index + 1
        }
        return field.count - start > FieldWriter.longestLine
    }

    private static func fold(line: ArraySlice<UInt8>, _ kind: FieldKind) -> [UInt8] {
        guard line.count > FieldWriter.longestLine else { return Array(line) }
        let end = (line.lastIndex { !$0.isBlank } ?? line.startIndex - 1) + 1
        var breaks = FieldBreaks(kind)
        var folded: [UInt8] = []
        folded.reserveCapacity(line.count + line.count / 16)
        var start = line.startIndex
        var candidate = start
        for index in line.startIndex..<end where breaks.isBreak(before: line[index]) && index > start {
            if index - start > width && candidate > start { append(&folded, line, &start, candidate) }
            candidate = index
        }
        if line.endIndex - start > width && candidate > start { append(&folded, line, &start, candidate) }
        return folded + line[start...]
    }

    private static func append(_ folded: inout [UInt8], _ line: ArraySlice<UInt8>, _ start: inout Int, _ next: Int) {
        folded += line[start..<next]
        folded += [13, 10]
        if !line[next].isBlank { folded.append(0x20) }
        start = next
    }
}

/// Where a field may be broken, told octet by octet.
private struct FieldBreaks {
    private let isStructured: Bool
    private let isAngleBreak: Bool
    private var last: UInt8 = 0
    private var isQuoted = false
    private var isEscaped = false
    private var isInAngle = false
    private var depth = 0

    init(_ kind: FieldKind) {
        isStructured = kind != .unstructured
        isAngleBreak = kind == .structured
    }

    /// Whether a line may begin with the octet, which comes next.
    mutating func isBreak(before octet: UInt8) -> Bool {
        let isBreak = octet.isBlank ? !last.isBlank && last != 0 : isStructured && isSeparated
        if isStructured { track(octet) }
        last = octet
        return isBreak
    }

    /// Whether what came last ends an item of a list.
    private var isSeparated: Bool {
        guard !isQuoted, !isInAngle, depth == 0 else { return false }
        return last == UInt8(ascii: ",") || last == UInt8(ascii: ";") || isAngleBreak && last == UInt8(ascii: ">")
    }

    private mutating func track(_ octet: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if octet == UInt8(ascii: "\\") {
            isEscaped = isQuoted || depth > 0
        } else if octet == UInt8(ascii: "\"") {
            if depth == 0 { isQuoted.toggle() }
        } else if !isQuoted {
            trackBrackets(octet)
        }
    }

    private mutating func trackBrackets(_ octet: UInt8) {
        switch octet {
        case UInt8(ascii: "("): depth += 1
        case UInt8(ascii: ")"): depth = max(depth - 1, 0)
        case UInt8(ascii: "<"): isInAngle = true
        case UInt8(ascii: ">"): isInAngle = false
        default: break
        }
    }
}
