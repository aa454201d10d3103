import Glibc

/// A file of a capture that cannot be made or written.
public struct CaptureError: Error, Equatable, Sendable {
    /// The file or folder.
    public var path: String
    /// The `errno` value; 0 where the operating system had nothing to say.
    public var number: Int32
    /// In words, such as `No such file or directory`.
    public var text: String

    /// An error of the operating system.
    init(_ path: String, _ number: Int32) {
        self.path = path
        self.number = number
        text = unsafe String(cString: strerror(number))
    }
}
