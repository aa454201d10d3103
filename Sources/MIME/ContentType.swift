import Octets

/// The value of a Content-Type field (RFC 2045 §5).
public struct ContentType: Equatable, Sendable {
    /// A parameter: its name in lower case, its value without quotes and quoted pairs. RFC 2231 forms are not decoded.
    public struct Parameter: Equatable, Sendable {
        /// The attribute, in lower case.
        public var name: [UInt8]
        /// The value, as it is meant.
        public var value: [UInt8]

        /// A parameter; `name` is put in lower case.
        public init(name: [UInt8], value: [UInt8]) {
            self.name = name.asciiLowercased
            self.value = value
        }

        init(lowercased name: [UInt8], value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    /// `type/subtype` in lower case.
    public var type: [UInt8]
    /// The parameters in their order, each name once.
    public var parameters: [Parameter]

    /// A type with its parameters; `type` is put in lower case.
    public init(type: [UInt8], parameters: [Parameter] = []) {
        self.type = type.asciiLowercased
        self.parameters = parameters
    }

    /// A type whose name is in lower case already.
    init(lowercased type: [UInt8], parameters: [Parameter]) {
        self.type = type
        self.parameters = parameters
    }

    /// A type without parameters.
    public init(_ type: String) { self.init(type: Array(type.utf8)) }

    /// `text/plain; charset=us-ascii`, which an entity without Content-Type has (RFC 2045 §5.2).
    public static var standard: ContentType {
        ContentType(
            type: Array("text/plain".utf8),
            parameters: [Parameter(name: Array("charset".utf8), value: Array("us-ascii".utf8))])
    }

    /// The value of the parameter `name`, given in any case; setting nil removes it.
    public subscript(name: [UInt8]) -> [UInt8]? {
        get {
            let key = name.asciiLowercased
            return parameters.first { $0.name == key }?.value
        }
        set {
            let key = name.asciiLowercased
            guard let newValue else { return parameters.removeAll { $0.name == key } }
            if let index = parameters.firstIndex(where: { $0.name == key }) {
                parameters[index].value = newValue
            } else {
                parameters.append(Parameter(name: key, value: newValue))
            }
        }
    }

    /// The value of the parameter `name`.
    public subscript(name: String) -> [UInt8]? {
        get { self[Array(name.utf8)] }
        set { self[Array(name.utf8)] = newValue }
    }

    /// Whether the type is `multipart`.
    public var isMultipart: Bool { type.starts(with: "multipart/".utf8) }
    /// Whether the type is `message`.
    public var isMessage: Bool { type.starts(with: "message/".utf8) }
    /// Whether the type is that of a piece of a message other than the first, which may begin anywhere (RFC 2046 §5.2.2).
    var isLaterPiece: Bool {
        guard type.elementsEqual("message/partial".utf8), let number = self["number"] else { return false }
        return Int(String(decoding: number, as: UTF8.self)).map { $0 > 1 } ?? false
    }
    /// Whether the type is `text`.
    public var isText: Bool { type.starts(with: "text/".utf8) }
    /// Whether the type is `audio`, `image` or `video`.
    public var isMedia: Bool {
        type.starts(with: "audio/".utf8) || type.starts(with: "image/".utf8) || type.starts(with: "video/".utf8)
    }
}
