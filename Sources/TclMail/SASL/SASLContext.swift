import TclBridge

/// What a script calls a context: a global Tcl array, which mechanisms of scripts `upvar`.
///
/// Its elements are Tcllib's: `mech callback proc service server step response valid type count`, and what a mechanism adds.
struct SASLContext {
    let name: String
    let interp: Interp

    init(_ name: TclObject, in interp: Interp) {
        self.name = name.string
        self.interp = interp
    }

    /// The array's elements when it is new.
    static let fresh: [(String, String)] = [
        ("mech", ""), ("callback", ""), ("proc", ""), ("service", "smtp"), ("server", ""), ("step", "0"),
        ("response", ""), ("valid", "false"), ("type", "client"), ("count", "0"),
    ]

    /// An element, if there is one.
    func value(_ element: String) -> TclObject? { interp.variable(name, element: element) }

    /// An element; where there is none, Tcl's words for reading it.
    func need(_ element: String) throws(TclError) -> TclObject {
        if let value = value(element) { return value }
        let lambda = "{context element} {upvar #0 $context ctx; return $ctx($element)}"
        return try interp.call([TclObject("::apply"), TclObject(lambda), TclObject(name), TclObject(element)])
    }

    func set(_ element: String, _ value: TclObject) throws(TclError) {
        try interp.setVariable(name, element: element, to: value)
    }

    /// Adds one; what there is then.
    func increment(_ element: String) throws(TclError) -> Int {
        let sum = (try value(element)?.int(in: interp) ?? 0).addingReportingOverflow(1).partialValue
        try set(element, TclObject(sum))
        return sum
    }

    /// Keeps a response; whether more steps follow is what the step's command returns.
    func answer(_ response: TclObject, more: Bool) throws(TclError) -> TclObject {
        try set("response", response)
        return TclObject(more ? 1 : 0)
    }

    /// Calls the script's callback: the script is continued by the context, by what is wanted and by further words.
    func ask(_ what: String, _ more: [TclObject] = []) throws(TclError) -> TclObject {
        let words = TclObject(list: [TclObject(name), TclObject(what)] + more)
        return try interp.call([
            TclObject("::namespace"), TclObject("eval"), TclObject("::SASL"), try need("callback"), words,
        ])
    }

    /// Asks for text, as octets in UTF-8.
    func askText(_ what: String, _ more: [TclObject] = []) throws(TclError) -> [UInt8] {
        SASLText.utf8(of: try ask(what, more))
    }
}

/// Tcl's values as octets of an exchange.
enum SASLText {
    /// Octets as they are; text that has other characters, in UTF-8.
    static func octets(of value: TclObject) -> [UInt8] { value.octets ?? value.utf8 }

    /// Text in UTF-8. A value of octets that are UTF-8 already was encoded by the script.
    static func utf8(of value: TclObject) -> [UInt8] {
        if let octets = value.octets, isUTF8(octets) { return octets }
        return value.utf8
    }

    static func isUTF8(_ octets: borrowing [UInt8]) -> Bool { (try? UTF8Span(validating: octets.span)) != nil }

    /// Hexadecimal digits, lower case.
    static func hex(_ octets: [UInt8]) -> [UInt8] {
        octets.flatMap { octet in [octet >> 4, octet & 15].map { $0 < 10 ? 48 + $0 : 87 + $0 } }
    }
}
