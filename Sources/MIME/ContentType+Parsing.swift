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
}

/// One pass over a Content-Type field's value.
private struct ContentTypeParser {
    private var lexer: Lexer
    private let limit: Int
    private var parameters: [ContentType.Parameter] = []
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
        var full = type.asciiLowercased
        full.append(UInt8(ascii: "/"))
        full += lexer.text.asciiLowercased
        while try parseParameter() {}
        return ContentType(lowercased: full, parameters: parameters)
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
