/// A failure of the operating system: of a socket, of a file, of name resolution.
public struct TransportError: Error, Equatable, Sendable {
    /// In words, as Tcl shows them, such as `connection refused`.
    public var text: String
    /// The same for programs, such as `POSIX ECONNREFUSED {connection refused}` word by word.
    public var errorCode: [String]

    /// An error.
    public init(text: String, errorCode: [String]) {
        self.text = text
        self.errorCode = errorCode
    }

    /// The error of an `errno` value.
    public init(errno number: Int32) {
        let words = ErrnoWords(number)
        self.init(text: words.text, errorCode: ["POSIX", words.name, words.text])
    }
}
