import MIME
import Octets
import TclBridge

extension MimeToken {
    /// The fields that `getheader` lists: not those that are properties or computed, nor lines that are no fields.
    var listedFields: [HeaderField] {
        guard entity.isParsed else { return entity.header.fields }
        return entity.header.fields.filter { !$0.name.isEmpty && !Self.isUnlisted($0.name) }
    }

    /// Names of the fields, in order, each once.
    var listedNames: [[UInt8]] {
        var seen: Set<[UInt8]> = []
        return listedFields.map(\.name).filter { seen.insert($0.asciiLowercased).inserted }
    }

    func values(of name: [UInt8]) -> [TclObject] { fields(named: name).map(\.tclValue) }

    func fields(named name: [UInt8]) -> [HeaderField] { entity.header.fields.filter { $0.isNamed(name) } }

    /// The listed fields by name, in the order in which the names first came.
    var fieldsByName: [(name: [UInt8], values: [HeaderField])] {
        var result: [(name: [UInt8], values: [HeaderField])] = []
        var places: [[UInt8]: Int] = [:]
        for field in listedFields {
            let lower = field.name.asciiLowercased
            if let place = places[lower] {
                result[place].values.append(field)
            } else {
                places[lower] = result.count
                result.append((field.name, [field]))
            }
        }
        return result
    }

    /// Whether a name is not a field of the header as a script sees it: it is computed, or (parsed) a property.
    static func isUnlisted(_ name: [UInt8]) -> Bool {
        switch name.count {
        case 11: name.equalsIgnoringCase("content-md5".utf8)
        case 12: name.equalsIgnoringCase("content-type".utf8) || name.equalsIgnoringCase("mime-version".utf8)
        case 25: name.equalsIgnoringCase("content-transfer-encoding".utf8)
        default: false
        }
    }
}

extension HeaderField {
    /// The value as a script gave it, or as it was parsed.
    var tclValue: TclObject { form == .text ? TclObject(utf8: value) : TclObject(octets: value) }
}
