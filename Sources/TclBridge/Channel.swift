import CTcl
import Glibc

/// A Tcl channel.
@safe public final class Channel {
    let handle: CTclChannel
    private let isOurs: Bool
    private var isOpen = true

    private init(_ handle: CTclChannel, isOurs: Bool) {
        unsafe self.handle = handle
        self.isOurs = isOurs
    }

    deinit { close() }

    /// Opens a file (of any file system that Tcl knows) for reading octets; throws Tcl's words and POSIX error code.
    public static func open(_ path: TclObject, in interp: Interp) throws(TclError) -> Channel {
        guard let handle = unsafe path.withHandle({ unsafe ctcl_open_file(interp.handle, $0) }) else {
            throw interp.currentError(code: 1)
        }
        return unsafe Channel(handle, isOurs: true)
    }

    /// A channel that the script opened, for writing; throws Tcl's words for an unknown or read-only one.
    public static func writable(_ name: String, in interp: Interp) throws(TclError) -> Channel {
        try named(name, mode: 4, "writing", in: interp)
    }

    /// A channel that the script opened, for reading; throws Tcl's words for an unknown or write-only one.
    public static func readable(_ name: String, in interp: Interp) throws(TclError) -> Channel {
        try named(name, mode: 2, "reading", in: interp)
    }

    /// A channel that the script opened, for reading and writing; throws Tcl's words for an unknown one.
    public static func duplex(_ name: String, in interp: Interp) throws(TclError) -> Channel {
        try named(name, mode: 2 | 4, "both reading and writing", in: interp)
    }

    /// As the script's `close`: a channel that nothing else holds ends.
    public static func closeNamed(_ name: String, in interp: Interp) {
        unsafe ctcl_unregister_from(interp.handle, name)
    }

    private static func named(_ name: String, mode: Int32, _ use: String, in interp: Interp) throws(TclError) -> Channel
    {
        var modes: Int32 = 0
        guard let handle = unsafe ctcl_get_channel(interp.handle, name, &modes) else {
            throw interp.currentError(code: 1)
        }
        guard modes & mode == mode else {
            throw TclError("channel \"\(name)\" wasn't opened for \(use)")
        }
        // SAFETY: the registration keeps the channel until this wrapper ends, whatever the script closes.
        unsafe ctcl_register_channel(handle)
        return unsafe Channel(handle, isOurs: false)
    }

    /// Closes a channel that this wrapper opened, lets go of another.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        if isOurs {
            _ = unsafe ctcl_close(nil, handle)
        } else {
            unsafe ctcl_unregister_channel(handle)
        }
    }

    /// The next octets, at most `count` and never more than a mebioctet at once; empty at the end. Throws the operating system's error number.
    public func read(atMost count: Int) throws(PosixFailure) -> [UInt8] {
        let count = min(max(count, 1), 1 << 20)
        var failed = false
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let start = unsafe UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
            // Nothing but this reads a channel of ours, so Tcl's buffers are empty, and need not be gone through.
            let got = unsafe isOurs ? ctcl_read_raw(handle, start, count) : ctcl_read(handle, start, count)
            failed = got < 0
            initialized = max(0, got)
        }
        if failed { throw PosixFailure(number: ctcl_errno()) }
        return octets
    }

    /// Moves to an offset from the start.
    public func seek(to offset: Int) throws(PosixFailure) {
        guard unsafe ctcl_seek(handle, Int64(offset), 0) >= 0 else { throw PosixFailure(number: ctcl_errno()) }
    }

    /// What reading without waiting gave.
    public enum Available {
        /// At least one octet.
        case octets([UInt8])
        /// Nothing yet.
        case nothing
        /// The end.
        case end
    }

    /// The octets that are there, at most `count`; for a channel that does not block.
    public func readAvailable(atMost count: Int) throws(PosixFailure) -> Available {
        // SAFETY: a script that is the channel may end this wrapper meanwhile.
        unsafe ctcl_register_channel(handle)
        defer { unsafe ctcl_unregister_channel(handle) }
        var got = 0
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 1)) { buffer, initialized in
            let start = unsafe UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
            got = unsafe ctcl_read(handle, start, buffer.count)
            initialized = max(0, got)
        }
        if got > 0 { return .octets(octets) }
        if unsafe ctcl_eof(handle) != 0 { return .end }
        if unsafe got == 0 || ctcl_blocked(handle) != 0 { return .nothing }
        throw PosixFailure(number: ctcl_errno())
    }

    /// Writes octets as they are, past Tcl's buffers; nil if the channel, which does not block, takes none now or has not
    /// yet taken what is in the buffers.
    public func writeAvailable(_ octets: ArraySlice<UInt8>) throws(PosixFailure) -> Int? {
        unsafe ctcl_register_channel(handle)
        defer { unsafe ctcl_unregister_channel(handle) }
        guard unsafe ctcl_output_buffered(handle) == 0 else { return nil }
        let count = unsafe octets.withUnsafeBytes {
            unsafe ctcl_write_raw(handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
        if count >= 0 { return count }
        let number = ctcl_errno()
        if number == EAGAIN || number == EWOULDBLOCK { return nil }
        throw PosixFailure(number: number)
    }

    /// Writes a value the way `puts -nonewline` does.
    public func write(_ value: TclObject) throws(PosixFailure) {
        guard unsafe value.withHandle({ unsafe ctcl_write_obj(handle, $0) }) >= 0 else {
            throw PosixFailure(number: ctcl_errno())
        }
    }

    /// Writes out what is buffered.
    public func flush() throws(PosixFailure) {
        guard unsafe ctcl_flush(handle) == 0 else { throw PosixFailure(number: ctcl_errno()) }
    }

    /// Sets an option; throws Tcl's words.
    public func setOption(_ name: String, to value: String, in interp: Interp) throws(TclError) {
        guard unsafe ctcl_set_channel_option(interp.handle, handle, name, value) == 0 else {
            throw interp.currentError(code: 1)
        }
    }

    /// Sets how many octets are read or written at once; what the number was.
    public func setBufferSize(_ count: Int) -> Int { unsafe ctcl_set_buffer_size(handle, count) }

    /// An option's value, `""` for one that the channel does not have.
    public func option(_ name: String) -> String {
        unsafe TclObject(owning: ctcl_channel_option(handle, name)).string
    }
}

/// An operating system call that failed.
public struct PosixFailure: Error {
    /// The error number.
    public let number: Int32
}
