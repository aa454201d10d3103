import Octets

/// Collects the lines of one header section.
struct HeaderBuilder {
    /// What a line meant.
    enum Outcome {
        /// The section goes on.
        case more
        /// The line is empty and ends the section.
        case emptyLine
        /// The limit is reached: the body begins at this offset.
        case overflow(Int)
    }

    let start: Int
    private(set) var fields: [HeaderField] = []
    private(set) var defects: [Defect] = []
    private var starts: [Int] = []
    private var current: [UInt8] = []
    private var currentStart: Int
    private var octets = 0
    private let limits: ParseLimits
    /// More improper lines in one section are not told one by one.
    private static let mostDefects = 100

    init(start: Int, limits: ParseLimits) {
        self.start = start
        currentStart = start
        self.limits = limits
    }

    // fields = *(field-name ":" unstructured CRLF)  RFC 5322 §3.6
    /// Takes the next line.
    mutating func add(_ line: LineScanner.Line) -> Outcome {
        if line.content.isEmpty { return .emptyLine }
        let isContinuation = line.content.first?.isBlank == true
        if !isContinuation { endField() }
        if current.isEmpty { currentStart = line.start }
        if line.isCut || current.count + line.octets.count > limits.fieldOctets
            || octets + line.octets.count > limits.headerOctets
        {
            current = []
            return .overflow(currentStart)
        }
        current += line.octets
        octets += line.octets.count
        return .more
    }

    /// Ends the section; `lineEndLength` octets at its end belong to the delimiter that follows.
    ///
    /// Returns where lines that are no fields begin after the last field: the body, if no empty line came.
    mutating func finish(dropping lineEndLength: Int = 0) {
        current.removeLast(min(lineEndLength, current.count))
        endField()
    }

    /// Lines after the last field that are no fields, taken out of the section: they are body.
    mutating func removeTrailingText() -> Int? {
        var body: Int?
        while let last = fields.last, last.name.isEmpty, !Self.isMailboxLine(last), let start = starts.last {
            body = start
            fields.removeLast()
            starts.removeLast()
        }
        return body
    }

    private mutating func endField() {
        if current.isEmpty { return }
        let field = HeaderField(parsing: current)
        if field.name.isEmpty && defects.count < Self.mostDefects {
            defects.append(
                Defect(.improperHeaderLine, offset: currentStart, detail: String(decoding: field.value, as: UTF8.self)))
        }
        fields.append(field)
        starts.append(currentStart)
        current = []
    }

    /// The `From ` line of a mailbox file (RFC 4155).
    private static func isMailboxLine(_ field: HeaderField) -> Bool {
        field.value.starts(with: "From ".utf8) || field.value.starts(with: ">From ".utf8)
    }
}
