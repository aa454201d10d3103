import MIME
import Octets
import TclBridge

extension MimeToken {
    /// Lends the octets of the header section, and in order the fields that `getheader` lists: not those that are
    /// properties or computed, nor lines that are no fields.
    func withListedFields<Value>(_ use: (Span<UInt8>, [FieldRange], FieldGroups) -> Value) -> Value {
        entity.withFields { octets, fields in
            use(
                octets, fields,
                FieldGroups(fields, in: octets) { !entity.isParsed || !$0.isEmpty && !Self.isUnlisted($0) })
        }
    }

    func values(of name: [UInt8]) -> [TclObject] { fields(named: name).map(\.tclValue) }

    func fields(named name: [UInt8]) -> [HeaderField] { entity.header.fields.filter { $0.isNamed(name) } }

    /// Whether a name is not a field of the header as a script sees it: it is computed, or (parsed) a property.
    static func isUnlisted(_ name: Span<UInt8>) -> Bool {
        for unlisted in unlistedNames where name.equalsIgnoringCase(unlisted.span) { return true }
        return false
    }

    private static let unlistedNames = ["content-md5", "content-type", "mime-version", "content-transfer-encoding"].map
    {
        Array($0.utf8)
    }
}

extension HeaderField {
    /// The value as a script gave it, or as it was parsed.
    var tclValue: TclObject { form == .text ? TclObject(utf8: value) : TclObject(octets: value) }
}
