import CTcl

/// One of Tcl's encodings.
@safe public final class TclEncoding {
    private let handle: CTclEncoding

    /// Finds an encoding; throws `unknown encoding "x"`.
    public init(_ name: String, in interp: Interp) throws(TclError) {
        guard let found = unsafe ctcl_encoding(interp.handle, name) else { throw interp.currentError(code: 1) }
        unsafe handle = found
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
    public func decode(_ octets: [UInt8]) -> TclObject {
        unsafe octets.withUnsafeBytes { raw in
            unsafe TclObject(
                owning: ctcl_decode(handle, raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count))
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
