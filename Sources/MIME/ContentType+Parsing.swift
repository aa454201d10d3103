import Octets

extension ContentType {
    /// Parses the value of a Content-Type field, as Tcllib does.
    ///
    /// Comments and a `;` at the end are skipped, `message` alone means `message/rfc822`, and of two parameters with
    /// one name the last counts. `value` may be folded. At most `limit` parameters are taken.
    public init(parsing value: [UInt8], limit: Int = 1000) throws(MIMEError) {
        var parser = ContentTypeParser(value, limit: limit)
        self = try parser.parse()
    }

    /// What the Content-Type of a mail says, whatever is wrong with it.
    struct Reading {
        /// The type with its parameters; nil if there is no type/subtype.
        var type: ContentType?
        /// The parameters, also without a type.
        var parameters: [Parameter]
        /// Whether the value is not as the grammar has it.
        var isFaulty: Bool
    }

    /// Reads the value of a Content-Type field of a mail: a value that is not as the grammar has it as well as can be.
    ///
    /// Then parameters are taken as `ParameterList` takes them. Throws `.tooManyParameters`.
    static func reading(_ value: [UInt8], limit: Int) throws(MIMEError) -> Reading {
        var parser = ContentTypeParser(value, limit: limit)
        do {
            let type = try parser.parse()
            return Reading(type: type, parameters: type.parameters, isFaulty: false)
        } catch  where error.code == .tooManyParameters {
            throw error
        } catch {
            try parser.scanParameters()
            return Reading(type: parser.typeSoFar, parameters: parser.parameters, isFaulty: true)
        }
    }
}

/// One pass over a Content-Type field's value.
private struct ContentTypeParser {
    private var lexer: Lexer
    private let limit: Int
    private(set) var parameters: [ContentType.Parameter] = []
    /// The type and subtype in lower case; empty before they are read.
    private var type: [UInt8] = []
    /// Where what follows the subtype begins.
    private var typeEnd = 0
    /// Where each name stands, once there are many.
    private var places: [[UInt8]: Int] = [:]
    private static let many = 16

    init(_ value: [UInt8], limit: Int) {
        lexer = Lexer(value, .type)
        self.limit = limit
    }

    // content := type "/" subtype *(";" parameter)  RFC 2045 §5.1
    mutating func parse() throws(MIMEError) -> ContentType {
        guard lexer.next() == .atom else { throw error(.expectedType) }
        let type = lexer.text
        switch lexer.next() {
        case .solidus: break
        case .end:
            // TCLLIB: the bare word "message" of RFC 1049 days is message/rfc822.
            guard type.equalsIgnoringCase("message".utf8) else {
                throw MIMEError(.expectedTypeAndSubtype, offset: 0, detail: type.asciiLowercased)
            }
            return ContentType("message/rfc822")
        default: throw error(.expectedSlash)
        }
        guard lexer.next() == .atom else { throw error(.expectedSubtype) }
        self.type = type.asciiLowercased
        self.type.append(UInt8(ascii: "/"))
        self.type += lexer.text.asciiLowercased
        typeEnd = lexer.position
        while try parseParameter() {}
        return ContentType(lowercased: self.type, parameters: parameters)
    }

    /// The type that was read before an error; nil if it was not.
    var typeSoFar: ContentType? { type.isEmpty ? nil : ContentType(lowercased: type, parameters: parameters) }

    /// Takes what follows the type leniently, after an error. What has no value is no parameter.
    mutating func scanParameters() throws(MIMEError) {
        (parameters, places) = ([], [:])
        var scanner = ParameterScanner(HeaderText.unfolded(Array(lexer.input[typeEnd...])))
        while let (name, value) = scanner.next() {
            if !value.isEmpty { try add(name.asciiLowercased, value) }
        }
    }

    // parameter := attribute "=" value  RFC 2045 §5.1
    private mutating func parseParameter() throws(MIMEError) -> Bool {
        switch lexer.next() {
        case .end: return false
        case .semicolon: break
        default: throw error(.expectedSemicolon)
        }
        switch lexer.next() {
        case .end: return false
        case .atom: break
        default: throw error(.expectedAttribute)
        }
        let name = lexer.text.asciiLowercased
        guard lexer.next() == .equals else { throw error(.expectedEquals) }
        switch lexer.next() {
        case .atom: try add(name, Array(lexer.text))
        case .quotedString: try add(name, QuotedString.content(lexer.text))
        default: throw error(.expectedValue)
        }
        return true
    }

    private mutating func add(_ name: [UInt8], _ value: [UInt8]) throws(MIMEError) {
        if let place = place(of: name) {
            parameters[place].value = value
        } else if parameters.count >= limit {
            throw MIMEError(.tooManyParameters, offset: lexer.position)
        } else {
            parameters.append(ContentType.Parameter(lowercased: name, value: value))
            if parameters.count > Self.many { places[name] = parameters.count - 1 }
        }
    }

    private func place(of name: [UInt8]) -> Int? {
        parameters.prefix(Self.many).firstIndex { $0.name == name } ?? (places.isEmpty ? nil : places[name])
    }

    private func error(_ code: MIMEError.Code) -> MIMEError {
        MIMEError(code, offset: lexer.position, detail: Array(lexer.text))
    }
}
