import Octets

/// Where a field lies in the octets of a header section (RFC 5322 §2.2).
public struct FieldRange: Equatable, Sendable {
    /// The field's lines, line ends included.
    public let lines: Range<Int>
    /// The name; empty for lines that are no field.
    public let name: Range<Int>
    /// The value without white space and NUL at its ends; lines that are no field, without their last line end.
    public let value: Range<Int>
    /// Whether name or value has CR, which those of `HeaderField` lack where it belongs to a fold.
    public let hasReturns: Bool
    /// Where the field came from.
    public let form: HeaderField.Form

    /// The fields of a parsed section, which has no empty line and lies at `offset` of its source.
    // fields = *(field-name ":" unstructured CRLF)  RFC 5322 §3.6
    static func all(in section: Span<UInt8>, at offset: Int) -> [FieldRange] {
        var fields: [FieldRange] = []
        var start = 0
        var line = 0
        while line < section.count {
            let end = section.firstIndex(of: 10, from: line).map { $0 + 1 } ?? section.count
            if end == section.count || !section[end].isBlank {
                fields.append(FieldRange(start..<end, in: section, at: offset + start))
                start = end
            }
            line = end
        }
        return fields
    }

    /// The field that `lines` of a section are, whatever they hold; `offset` is where they lie in the source.
    init(_ lines: Range<Int>, in section: Span<UInt8>, at offset: Int) {
        var text = lines
        if let last = text.last, section[last] == 10 { text.removeLast() }
        if let last = text.last, section[last] == 13 { text.removeLast() }
        self.lines = lines
        form = .raw
        name = Self.name(of: text, in: section, at: offset) ?? text.lowerBound..<text.lowerBound
        if name.isEmpty {
            value = text
        } else {
            let colon = section.firstIndex(of: UInt8(ascii: ":"), in: name.upperBound..<text.upperBound)
            value = section.trimming((colon.map { $0 + 1 } ?? text.upperBound)..<text.upperBound) {
                $0.isSpace || $0 == 0
            }
        }
        hasReturns = section.firstIndex(of: 13, in: name.lowerBound..<value.upperBound) != nil
    }

    /// A field that a caller made, where it was copied to.
    init(name: Range<Int>, value: Range<Int>, form: HeaderField.Form) {
        (self.name, self.value, self.form) = (name, value, form)
        lines = name.lowerBound..<value.upperBound
        hasReturns = false
    }

    /// The name of a field; nil for a line without a colon, without a name before it, or that begins with a blank.
    // TCLLIB: blanks between name and colon are taken, and so is any name at all.
    private static func name(of text: Range<Int>, in section: Span<UInt8>, at offset: Int) -> Range<Int>? {
        guard let first = text.first, !section[first].isBlank,
            !HeaderField.isMailboxLine(section.extracting(text)),
            let colon = section.firstIndex(of: UInt8(ascii: ":"), in: text)
        else { return nil }
        var end = colon
        while end > first, section[end - 1].isSpace { end -= 1 }
        let start = first + HeaderField.markLength(section.extracting(text), at: offset)
        return end > start ? start..<end : nil
    }
}

extension Span<UInt8> {
    /// `range` without the octets at both ends that `isDropped` names.
    func trimming(_ range: Range<Int>, where isDropped: (UInt8) -> Bool) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isDropped(self[start]) { start += 1 }
        while end > start, isDropped(self[end - 1]) { end -= 1 }
        return start..<end
    }

    /// The name or the value of a field of a section, whose inner folds are LF and blanks.
    public func text(_ range: Range<Int>, of field: FieldRange) -> [UInt8] {
        let octets = [UInt8](copying: extracting(range))
        return field.hasReturns ? HeaderText.joiningFolds(octets) : octets
    }
}

extension HeaderField {
    /// The field that lies in the octets of a section.
    public init(_ field: FieldRange, in section: Span<UInt8>) {
        self.init(
            name: section.text(field.name, of: field), value: section.text(field.value, of: field), form: field.form,
            raw: field.form == .raw ? [UInt8](copying: section.extracting(field.lines)) : nil)
    }
}

extension Entity {
    /// Lends octets and where the fields of the header section lie in them, in their order.
    ///
    /// A parsed section that nobody has changed is not copied. `use` must not change the entity.
    public func withFields<Value>(_ use: (Span<UInt8>, [FieldRange]) -> Value) -> Value {
        if let origin, !isHeaderChanged {
            return origin.tree.withHeaderOctets(origin.range.lowerBound..<origin.headerEnd, of: origin.node) {
                use($0, FieldRange.all(in: $0, at: origin.range.lowerBound))
            }
        }
        var octets: [UInt8] = []
        let fields = header.fields.map { field in
            let start = octets.count
            octets += field.name
            let middle = octets.count
            octets += field.value
            return FieldRange(name: start..<middle, value: middle..<octets.count, form: field.form)
        }
        return use(octets.span, fields)
    }
}
