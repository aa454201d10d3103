/// A command's arguments in Tcl's own usage syntax, parsed once: `token key value ?arg ...?`.
///
/// A word is a required argument, `?word?` an optional one, `?word ...?` at the end takes any number.
public struct CommandSignature: Sendable {
    /// The usage as it stands in a `wrong # args` message.
    public let usage: String
    let minimum: Int
    let maximum: Int?

    /// Reads a usage. `unlisted` more words may be given than it names; the command itself judges them.
    public init(_ usage: String, unlisted: Int = 0) {
        self.usage = usage
        let isOpen = usage.hasSuffix("...?")
        let words = usage.split(separator: " ").filter { $0 != "...?" }
        let optional = words.filter { $0.first == "?" }.count
        minimum = words.count - optional
        maximum = isOpen ? nil : words.count + unlisted
    }

    func allows(count: Int) -> Bool { count >= minimum && count <= maximum ?? count }
}
