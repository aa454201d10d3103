import Octets

/// The address grammar of Tcllib, which takes almost anything (after RFC 822 §6).
///
/// Lookahead is by setting the lexer back one lexeme; comments read twice then count twice, as in Tcllib.
struct AddressParser {
    private var lexer: Lexer
    /// How many groups are open; stray semicolons make it negative.
    private var level = 0
    private var phrase: [UInt8]?
    private var local: [UInt8]?
    private var domain: [UInt8]?
    private var route: [UInt8] = []
    private var group: [UInt8] = []
    private var memberLevel: Int?

    init(_ text: [UInt8]) { lexer = Lexer(text, .address) }

    /// The next address with the fields that stand in the text, nil at the end.
    mutating func next() -> ParsedAddress? {
        lexer.comment = nil
        (phrase, local, domain, route, group, memberLevel) = (nil, nil, nil, [], [], nil)
        do {
            guard try specification() else { return nil }
            collectTrailingComment()
            return result(nil)
        } catch {
            while lexer.last != .comma && lexer.last != .end { _ = lexer.next() }
            return result(error)
        }
    }

    private mutating func collectTrailingComment() {
        if lexer.last == .comma || lexer.last == .end { return }
        let position = lexer.position
        _ = lexer.next()
        lexer.position = position
    }

    private func result(_ error: AddressError?) -> ParsedAddress {
        var address = ParsedAddress()
        address.comment = lexer.comment ?? []
        address.domain = domain ?? []
        address.group = group
        address.local = local ?? []
        address.phrase = phrase ?? []
        address.route = route
        address.memberLevel = memberLevel.map(Self.digits) ?? []
        address.error = error
        return address
    }

    private static func digits(_ level: Int) -> [UInt8] {
        switch level {
        case 0: zero
        case 1: one
        default: Array("\(level)".utf8)
        }
    }

    private static let zero = [UInt8(ascii: "0")]
    private static let one = [UInt8(ascii: "1")]

    // address = mailbox / group  RFC 822 §6.1
    private mutating func specification() throws(AddressError) -> Bool {
        while true {
            let start = lexer.position
            switch lexer.next() {
            case .atom, .quotedString:
                phrase = Array(lexer.text)
                if try afterWord() { return true }
            case .semicolon:
                level -= 1
                if level < 0 { throw failure(.extraneousSemicolon) }
                lexer.comment = nil
            case .comma: lexer.comment = nil
            case .end: return false
            case .leftAngle:
                try routeAddress(isClosed: true)
                return true
            case .atSign:
                lexer.position = start
                try routeAddress(isClosed: false)
                return true
            default: throw failure(.unexpectedStart)
            }
        }
    }

    /// What follows the first word; false if an address of a group is still to come.
    private mutating func afterWord() throws(AddressError) -> Bool {
        switch lexer.next() {
        case .atom, .quotedString:
            phrase = (phrase ?? []) + [0x20] + lexer.text
            return try phraseEnd()
        case .leftAngle: try routeAddress(isClosed: true)
        case .colon: return try groupStart()
        case .dot:
            local = (phrase ?? []) + lexer.text
            phrase = nil
            try routeAddress(isClosed: false)
            try end()
        case .atSign:
            memberLevel = level
            (local, phrase) = (phrase, nil)
            try addressDomain()
            try end()
        case .semicolon, .comma, .end:
            memberLevel = level
            if lexer.last == .semicolon { try closeGroup() }
            (local, phrase) = (phrase, nil)
        default: throw failure(.expectedMailbox)
        }
        return true
    }

    // route-addr = "<" [route] addr-spec ">"  RFC 822 §6.1
    private mutating func routeAddress(isClosed: Bool) throws(AddressError) {
        let start = lexer.position
        if lexer.next() == .atSign { try addressRoute() } else { lexer.position = start }
        try localPart()
        switch lexer.last {
        case .atSign: try addressDomain()
        case .semicolon, .rightAngle, .comma, .end: break
        default: throw failure(.expectedAtSign)
        }
        if isClosed && lexer.last != .rightAngle { throw failure(.expectedRightBracket) }
    }

    // route = 1#("@" domain) ":"  RFC 822 §6.1
    private mutating func addressRoute() throws(AddressError) {
        route = [UInt8(ascii: "@")]
        while true {
            let word = lexer.next()
            guard word == .atom || word == .domainLiteral else { throw failure(.expectedSubRoute) }
            route += lexer.text
            switch lexer.next() {
            case .comma:
                route += lexer.text
                while lexer.next() == .comma {}
                guard lexer.last == .atSign else { throw failure(.expectedAtSignInRoute) }
                route += lexer.text
            case .atSign, .dot: route += lexer.text
            case .colon:
                route += lexer.text
                return
            default: throw failure(.expectedColon)
            }
        }
    }

    // domain = sub-domain *("." sub-domain)  RFC 822 §6.1
    // TCLLIB: a second "@" makes the first domain part of the local-part, with "%".
    private mutating func addressDomain() throws(AddressError) {
        while true {
            let word = lexer.next()
            guard word == .atom || word == .domainLiteral else { throw failure(.expectedSubDomain) }
            domain = domain ?? []
            domain? += lexer.text
            switch lexer.next() {
            case .dot: domain? += lexer.text
            case .atSign:
                local = local ?? []
                local? += [UInt8(ascii: "%")] + (domain ?? [])
                domain = nil
            default: return
            }
        }
    }

    // local-part = word *("." word)  RFC 822 §6.1
    private mutating func localPart() throws(AddressError) {
        memberLevel = level
        local = local ?? []
        repeat {
            let word = lexer.next()
            guard word == .atom || word == .quotedString else { throw failure(.expectedLocalPart) }
            local? += lexer.text
            if lexer.next() == .dot { local? += lexer.text }
        } while lexer.last == .dot
    }

    // phrase = 1*word  RFC 822 §6.1
    // TCLLIB: dots are taken as well.
    private mutating func phraseEnd() throws(AddressError) -> Bool {
        while true {
            switch lexer.next() {
            case .atom, .quotedString: phrase? += [0x20] + lexer.text
            case .leftAngle:
                try routeAddress(isClosed: true)
                return true
            case .colon: return try groupStart()
            case .dot: phrase? += lexer.text
            default: throw AddressError(kind: .phraseInsteadOfMailbox, found: (phrase ?? []) + lexer.text)
            }
        }
    }

    // group = phrase ":" [#mailbox] ";"  RFC 822 §6.1
    /// False if the group has addresses, the first of which comes next.
    private mutating func groupStart() throws(AddressError) -> Bool {
        level += 1
        if level > 1 { throw AddressError(kind: .nestedGroup, found: phrase ?? []) }
        group = phrase ?? []
        phrase = nil
        let start = lexer.position
        while true {
            switch lexer.next() {
            case .semicolon, .end:
                level = 0
                return true
            case .comma: continue
            default:
                lexer.position = start
                return false
            }
        }
    }

    private mutating func end() throws(AddressError) {
        switch lexer.last {
        case .semicolon: try closeGroup()
        case .comma, .end: break
        default: throw failure(.junkAfterAddress)
        }
    }

    private mutating func closeGroup() throws(AddressError) {
        level -= 1
        if level < 0 { throw failure(.extraneousSemicolon) }
    }

    private func failure(_ kind: AddressError.Kind) -> AddressError {
        AddressError(kind: kind, found: Array(lexer.text))
    }
}
