import Octets

/// The header section that a scanner is in: which fields say what the body is, and which lines are no fields.
struct HeaderScan {
    /// Whether there is a section to be read.
    private(set) var isOpen = false
    /// Where the section begins.
    private(set) var start = 0
    /// Where the field that is read begins; nil before the first.
    private(set) var fieldStart: Int?
    /// The fields that say what the body is.
    private(set) var notes: [(name: HeaderFacts.Name, field: Range<Int>)] = []
    /// Where lines that are no fields begin, after the last field: the body, if no empty line comes.
    private(set) var trailingText: Int?
    /// Lines that begin with `--` and were read as fields; only of the first few it is asked whether they are delimiters.
    var dashLines = 0
    /// How many lines were no fields; more than `mostDefects` are not told one by one.
    private(set) var improperLines = 0
    static let mostDefects = 100

    private var name: HeaderFacts.Name?
    private var isSure = false
    /// Whether the field that is read is the `From ` line of a mailbox file.
    private(set) var isMailboxLine = false
    /// Whether the first line of the field that is read begins with a blank, and continues nothing.
    private var isFolded = false
    private var isNamed = false
    private var hasColon = false

    mutating func open(at offset: Int) {
        isOpen = true
        (start, fieldStart, trailingText, improperLines, dashLines) = (offset, nil, nil, 0, 0)
        notes.removeAll(keepingCapacity: true)
    }

    mutating func close() { isOpen = false }

    // field = field-name ":" unstructured CRLF  RFC 5322 §3.6
    /// Begins a field with its first line.
    mutating func beginField(_ line: Span<UInt8>, at offset: Int) {
        fieldStart = offset
        (isNamed, hasColon) = (false, false)
        isFolded = line[0].isBlank
        isMailboxLine = HeaderField.isMailboxLine(line)
        note(line.extracting(HeaderField.markLength(line, at: offset)...))
        look(at: line)
    }

    /// Takes a line of the field that is read: the first colon ends its name.
    // TCLLIB: any name that is not blank will do, also one that folds.
    mutating func look(at line: Span<UInt8>) {
        if hasColon { return }
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        hasColon = colon != nil
        let end = colon ?? line.count
        var index = 0
        while !isNamed, index < end {
            isNamed = !line[index].isSpace
            index += 1
        }
    }

    /// Whether the octets of the field that is read are needed to tell what it is.
    var needsOctets: Bool { !isField || name != nil && !isSure }

    private var isField: Bool { hasColon && isNamed && !isMailboxLine && !isFolded }

    /// Ends the field that is read; true if it is a field. `octets` are the field's, if they are needed.
    mutating func endField(at end: Int, _ octets: [UInt8]) -> Bool {
        guard let start = fieldStart else { return true }
        fieldStart = nil
        if isField {
            trailingText = nil
            if let name, isSure || Self.isNote(octets[HeaderField.markLength(octets.span, at: start)...], name) {
                notes.append((name, start..<end))
            }
            return true
        }
        trailingText = isMailboxLine ? nil : trailingText ?? start
        improperLines += 1
        return false
    }

    private static let typeName = Array("content-type".utf8)
    private static let encodingName = Array("content-transfer-encoding".utf8)
    private static let versionName = Array("mime-version".utf8)

    /// Finds out whether the field is one of the noted ones, if its first line can tell.
    private mutating func note(_ line: Span<UInt8>) {
        (name, isSure) = (nil, false)
        guard line.count > 12 else { return }
        let isContent = line[0] | 0x20 == UInt8(ascii: "c") && line[8] | 0x20 == UInt8(ascii: "t")
        if isContent {
            note(.type, Self.typeName, line)
            note(.encoding, Self.encodingName, line)
        } else if line[0] | 0x20 == UInt8(ascii: "m") {
            note(.version, Self.versionName, line)
        }
    }

    private mutating func note(_ candidate: HeaderFacts.Name, _ text: [UInt8], _ line: Span<UInt8>) {
        guard line.count > text.count, line[text.count] == UInt8(ascii: ":") || line[text.count].isSpace else { return }
        for index in text.indices where line[index].asciiLowercased != text[index] { return }
        (name, isSure) = (candidate, line[text.count] == UInt8(ascii: ":"))
    }

    /// Whether a field, with its line ends, has nothing but white space between its name and the colon.
    private static func isNote(_ field: ArraySlice<UInt8>, _ name: HeaderFacts.Name) -> Bool {
        let length = name == .encoding ? encodingName.count : typeName.count
        return field.dropFirst(length).first { !$0.isSpace } == UInt8(ascii: ":")
    }
}
