import MIME
import Octets
import TclBridge

/// A MIME part as a script knows it.
final class MimeToken {
    let name: String
    let entity: Entity
    /// The text after `-canonical`: the type lower-cased, parameters smuggled into it as they were; parsed: the type.
    let content: String
    /// The parts: names of tokens, which are looked up when they are needed; nil for a leaf.
    let partNames: [String]?
    /// How many parts were made with the token (`token-1` …) and end with it.
    let childCount: Int
    /// What `-string` gave; nil for other sources.
    let text: TclObject?
    /// What `-file` gave; nil for other sources.
    let path: TclObject?

    init(
        name: String, entity: Entity, content: String, partNames: [String]? = nil, childCount: Int = 0,
        text: TclObject? = nil, path: TclObject? = nil
    ) {
        self.name = name
        self.entity = entity
        self.content = content
        self.partNames = partNames
        self.childCount = childCount
        self.text = text
        self.path = path
    }

    /// The charset, by a parameter of its own or one smuggled into the type.
    var charset: [UInt8]? { entity.parameter("charset") }

    var isCanonical: Bool { !entity.isParsed }

    /// The fields that `getheader` lists: not those that are properties or computed, nor lines that are no fields.
    var listedFields: [HeaderField] {
        guard entity.isParsed else { return entity.header.fields }
        return entity.header.fields.filter { !$0.name.isEmpty && !Self.unlisted.contains($0.name.asciiLowercased) }
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

    /// Lower-cased names that are not fields of the header as a script sees it.
    static let computed: Set<[UInt8]> = [
        Array("content-type".utf8), Array("content-transfer-encoding".utf8), Array("mime-version".utf8),
    ]
    /// Also the empty name: that of a line which is no field.
    static let unlisted = computed.union([Array("content-md5".utf8), []])
}

extension HeaderField {
    /// The value as a script gave it, or as it was parsed.
    var tclValue: TclObject { form == .text ? TclObject(utf8: value) : TclObject(octets: value) }
}
