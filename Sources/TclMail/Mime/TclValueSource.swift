import Octets
import TclBridge

/// The octets of a Tcl value, which are not copied: a mail that a script has in memory is held once.
///
/// The value is the script's too. It cannot change, for a shared value never does; but a byte array may become a string
/// or a list, and then its octets are those of its string, or are copied here where that is not plain.
final class TclValueSource: OctetMemory {
    private enum Form {
        case byteArray
        case plainText
        case copy(OctetBuffer)
    }

    private let value: TclObject
    private var form: Form

    /// A source of a value whose characters are octets; of any other its UTF-8.
    init(_ value: TclObject) {
        self.value = value
        form = value.withPureOctets { _ in } != nil ? .byteArray : Self.textForm(of: value)
    }

    private static func textForm(of value: TclObject) -> Form {
        value.isPlainText ? .plainText : .copy(OctetBuffer(value.octets ?? value.utf8))
    }

    var octetCount: Int? { withOctets { $0.count } }

    func withOctets<Value, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Value) throws(Failure) -> Value {
        switch form {
        case .byteArray:
            if let result = try value.withPureOctets(body) { return result }
            form = Self.textForm(of: value)
            return try withOctets(body)
        case .plainText: return try value.withPlainText(body)
        case .copy(let buffer): return try buffer.withOctets(body)
        }
    }
}
