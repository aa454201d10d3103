/// One address of an address list, field by field as Tcllib's `parseaddress` gives it.
public struct ParsedAddress: Equatable, Sendable {
    /// `local@domain`.
    public var address: [UInt8] = []
    /// The comments, with parentheses.
    public var comment: [UInt8] = []
    /// What stands behind the at-sign.
    public var domain: [UInt8] = []
    /// A name to show to people.
    public var friendly: [UInt8] = []
    /// The name of the group that begins with this address.
    public var group: [UInt8] = []
    /// What stands before the at-sign.
    public var local: [UInt8] = []
    /// The display name.
    public var phrase: [UInt8] = []
    /// The whole address in standard form.
    public var proper: [UInt8] = []
    /// The source route.
    public var route: [UInt8] = []
    /// How many groups are open: `0`, `1`, rarely another number; empty if that was not found out.
    public var memberLevel: [UInt8] = []
    /// Why the address could not be read; the fields then hold what was read before.
    public var error: AddressError?

    /// An empty address.
    public init() {}
}

/// Why an address could not be read: facts, no wording.
public struct AddressError: Error, Equatable, Sendable {
    /// What was wrong, one case for each message of Tcllib.
    public enum Kind: String, Sendable {
        /// A `;` outside a group.
        case extraneousSemicolon = "extraneous-semicolon"
        /// An address cannot begin so.
        case unexpectedStart = "unexpected-start"
        /// A word is not followed by what makes a mailbox.
        case expectedMailbox = "expected-mailbox"
        /// A local-part is followed neither by `@` nor by an end.
        case expectedAtSign = "expected-at-sign"
        /// `<` is not closed.
        case expectedRightBracket = "expected-right-bracket"
        /// A route has no domain after `@` or a dot.
        case expectedSubRoute = "expected-sub-route"
        /// A route has something other than `@` after a comma.
        case expectedAtSignInRoute = "expected-at-sign-in-route"
        /// A route does not end with a colon.
        case expectedColon = "expected-colon"
        /// A domain has nothing after `@` or a dot.
        case expectedSubDomain = "expected-sub-domain"
        /// A local-part lacks a word.
        case expectedLocalPart = "expected-local-part"
        /// Words without an address.
        case phraseInsteadOfMailbox = "phrase-instead-of-mailbox"
        /// A group inside a group.
        case nestedGroup = "nested-group"
        /// Something follows an address without a comma.
        case junkAfterAddress = "junk-after-address"
    }

    /// What was wrong.
    public var kind: Kind
    /// What was found instead, as Tcllib names it: a lexeme, or words such as `end-of-input`.
    public var found: [UInt8]
}

/// The addresses in `text`, which is UTF-8: what Tcllib's `parseaddress` finds, quirks included, in linear time.
///
/// `defaultDomain` is asked for the domain of addresses that have none.
public func parseAddresses(_ text: [UInt8], defaultDomain: () -> [UInt8]) -> [ParsedAddress] {
    var parser = AddressParser(text)
    var addresses: [ParsedAddress] = []
    var domain: [UInt8]?
    while var address = parser.next() {
        address.complete {
            let known = domain ?? defaultDomain()
            domain = known
            return known
        }
        addresses.append(address)
    }
    return addresses
}
