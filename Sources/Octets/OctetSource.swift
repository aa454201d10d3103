/// Octets that can be read again and again, and that may be far too many to hold.
///
/// A source is shared by the entities made from it; it must not change while they live.
public protocol OctetSource: AnyObject {
    /// The number of octets if it is known without reading, else nil.
    var octetCount: Int? { get }

    /// The source itself if all its octets are in memory, else nil.
    var memory: (any OctetMemory)? { get }

    /// A new reader that stands at offset 0.
    func makeReader() throws(SourceError) -> any OctetReader
}

/// A position in an `OctetSource`.
public protocol OctetReader: AnyObject {
    /// The next octets, at most `count` of them; an empty array is the end.
    func read(atMost count: Int) throws(SourceError) -> [UInt8]

    /// Moves to `offset` octets from the start, forward or back.
    func seek(to offset: Int) throws(SourceError)
}

/// A source that cannot be read.
public struct SourceError: Error, Equatable, Sendable {
    /// What went wrong, in words.
    public var message: String
    /// The cause for programs, such as `["POSIX", "ENOENT", "no such file or directory"]`.
    public var errorCode: [String]

    /// An error with its words and its cause.
    public init(message: String, errorCode: [String] = []) {
        self.message = message
        self.errorCode = errorCode
    }
}

extension OctetSource {
    /// Nil: the octets are not in memory.
    public var memory: (any OctetMemory)? { nil }

    /// All octets of the source, in memory.
    public func readAll() throws(SourceError) -> [UInt8] {
        let reader = try makeReader()
        var all: [UInt8] = []
        while true {
            let chunk = try reader.read(atMost: max(octetCount ?? 0, 1 << 16))
            if chunk.isEmpty { return all }
            if all.isEmpty { all = chunk } else { all += chunk }
        }
    }

    /// The number of octets, found by reading them if need be.
    public func countOctets() throws(SourceError) -> Int {
        if let octetCount { return octetCount }
        let reader = try makeReader()
        var count = 0
        while true {
            let chunk = try reader.read(atMost: 1 << 16)
            if chunk.isEmpty { return count }
            count += chunk.count
        }
    }
}
