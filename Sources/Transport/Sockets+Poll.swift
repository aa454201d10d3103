import Glibc

extension Sockets {
    /// A descriptor to watch, and what became of it.
    public struct Watch: Sendable {
        /// The descriptor; a negative one is passed over.
        public var fd: Int32
        /// Tell when it can be read.
        public var wantsRead: Bool
        /// Tell when it can be written.
        public var wantsWrite: Bool
        /// It can be read, or the peer has gone.
        public var isReadable = false
        /// It can be written, or the peer has gone.
        public var isWritable = false

        /// A descriptor to watch.
        public init(_ fd: Int32, read: Bool = false, write: Bool = false, isWritable: Bool = false) {
            self.fd = fd
            wantsRead = read
            wantsWrite = write
            self.isWritable = isWritable
        }
    }

    /// Waits until one of the descriptors is ready or the time is over; false: the time is over.
    ///
    /// The deadline is in nanoseconds of `SystemClock.monotonic()`; nil waits for ever.
    public static func wait(_ watches: inout [Watch], deadline: Int?) throws(TransportError) -> Bool {
        var list = watches.map { pollfd(fd: $0.fd, events: events(of: $0), revents: 0) }
        while true {
            let count = unsafe poll(&list, nfds_t(list.count), milliseconds(until: deadline))
            if count < 0, errno != EINTR { throw TransportError(errno: errno) }
            if count > 0 { break }
            if let deadline, SystemClock.monotonic() >= deadline { return false }
        }
        for (index, entry) in list.enumerated() {
            let hasGone = entry.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
            watches[index].isReadable = watches[index].wantsRead && (hasGone || entry.revents & Int16(POLLIN) != 0)
            watches[index].isWritable = watches[index].wantsWrite && (hasGone || entry.revents & Int16(POLLOUT) != 0)
        }
        return true
    }

    /// Waits for one descriptor; false: the time is over.
    public static func wait(
        _ fd: Int32, read: Bool = false, write: Bool = false, deadline: Int?
    ) throws(TransportError) -> Bool {
        var watches = [Watch(fd, read: read, write: write)]
        return try wait(&watches, deadline: deadline)
    }

    private static func events(of watch: Watch) -> Int16 {
        Int16((watch.wantsRead ? POLLIN : 0) | (watch.wantsWrite ? POLLOUT : 0))
    }

    /// Rounded up, an hour at most: the caller looks at the clock again.
    private static func milliseconds(until deadline: Int?) -> Int32 {
        guard let deadline else { return -1 }
        let left = deadline - SystemClock.monotonic()
        return Int32(min(max((left + 999_999) / 1_000_000, 0), 3_600_000))
    }
}
