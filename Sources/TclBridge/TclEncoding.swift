import CTcl

/// One of Tcl's encodings.
@safe public final class TclEncoding {
    private let handle: CTclEncoding
    private let form: OctetForm?

    /// Finds an encoding; throws `unknown encoding "x"`.
    public init(_ name: String, in interp: Interp) throws(TclError) {
        guard let found = unsafe ctcl_encoding(interp.handle, name) else { throw interp.currentError(code: 1) }
        unsafe handle = found
        form = OctetForm(rawValue: name)
    }

    deinit { unsafe ctcl_free_encoding(handle) }

    /// Finds an encoding and keeps it for the interpreter's life: Tcl reads its file anew when nobody holds it.
    public static func kept(_ name: String, in interp: Interp) throws(TclError) -> TclEncoding {
        try interp.state(KeptEncodings.self).encoding(name, in: interp)
    }

    /// `encoding convertto`: the octets of a text.
    public func encode(_ text: TclObject) -> [UInt8] {
        let encoded = unsafe text.withHandle { value in
            var count = 0
            let start = unsafe ctcl_string(value, &count)
            return unsafe TclObject(owning: ctcl_encode(handle, start, count))
        }
        return encoded.octets ?? []
    }

    /// `encoding convertfrom`: the text of octets.
    ///
    /// Octets that are no UTF-8 or US-ASCII are ISO 8859-1, as in Tcl 8.6; Tcl 9 knows other characters for some.
    public func decode(_ octets: [UInt8]) -> TclObject {
        if let form { return form.decode(octets) }
        return unsafe octets.withUnsafeBytes { raw in
            unsafe TclObject(
                owning: ctcl_decode(handle, raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count))
        }
    }
}

/// The encodings that are read without Tcl, by Tcl's names for them.
private enum OctetForm: String {
    case utf8 = "utf-8"
    case ascii

    func decode(_ octets: [UInt8]) -> TclObject {
        switch self {
        case .ascii: TclObject(octets: octets)
        case .utf8: TclObject(utf8: Self.isUTF8(octets) ? octets : Self.mended(octets))
        }
    }

    private static func isUTF8(_ octets: [UInt8]) -> Bool { (try? UTF8Span(validating: octets.span)) != nil }

    /// UTF-8 in which each octet that is none is a character of ISO 8859-1.
    private static func mended(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(octets.count + octets.count / 2)
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = octets.makeIterator()
        var at = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let character):
                result.append(contentsOf: character)
                at += character.count
            case .error(let length):
                for octet in octets[at..<(at + length)] { result += [0xC0 | octet >> 6, 0x80 | octet & 0x3F] }
                at += length
            case .emptyInput: return result
            }
        }
    }
}

/// The encodings that commands of an interpreter used.
private final class KeptEncodings: InterpState {
    static let key = "tclmail::encodings"

    private var encodings: [String: TclEncoding] = [:]

    init(interp: Interp) {}

    func interpreterDeleted() { encodings = [:] }

    func encoding(_ name: String, in interp: Interp) throws(TclError) -> TclEncoding {
        if let known = encodings[name] { return known }
        let found = try TclEncoding(name, in: interp)
        encodings[name] = found
        return found
    }
}
