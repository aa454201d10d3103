import MIME
import TclBridge

extension HeaderField {
    /// A field that a script gave; refused if its name or value would break the header section.
    init(name: TclObject, value: TclObject) throws(TclError) {
        let nameOctets = name.utf8
        if nameOctets.isEmpty || HeaderField.firstBadOctet(name: nameOctets) != nil {
            throw TclError(
                "invalid header field name \"\(TclError.visible(nameOctets))\"", errorCode: ["MIME", "FIELD", "NAME"])
        }
        if let octets = value.octets, String(validating: octets, as: UTF8.self) != nil {
            self.init(name: nameOctets, octets: octets)
        } else {
            self.init(name: nameOctets, text: value.utf8)
        }
        if let at = HeaderField.firstBadOctet(value: self.value) {
            throw .controlOctet(in: "header field \(name.string)", at: at)
        }
    }
}

extension TclError {
    /// A control octet (CR, LF outside folding, NUL …) in what a script gave; nothing of the text is repeated.
    static func controlOctet(in place: String, at offset: Int) -> TclError {
        TclError(
            "\(place) has a control character or a line break that is not folding (octet \(offset))",
            errorCode: ["MIME", "FIELD", "CONTROL", String(offset)])
    }

    /// Text for a message, its control octets shown as `?`.
    static func visible(_ octets: [UInt8]) -> String {
        String(decoding: octets.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
    }
}
