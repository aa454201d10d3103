import Glibc

/// Stream sockets as descriptors: non-blocking, closed on exec, without delay, and no SIGPIPE.
///
/// The descriptors are the caller's; nothing here keeps one.
public enum Sockets {
    /// What reading gave.
    public enum ReadResult: Equatable, Sendable {
        /// At least one octet.
        case octets([UInt8])
        /// Nothing yet.
        case wouldBlock
        /// The peer has closed.
        case end
    }

    /// Begins to connect, from a local address if one is given (its port 0: any).
    ///
    /// `isInProgress`: wait until the descriptor is writable, then ask `connectError`. `EAGAIN` is a unix socket whose
    /// queue of connections is full.
    public static func connect(
        _ address: SocketAddress, from local: SocketAddress? = nil
    ) throws(TransportError) -> (fd: Int32, isInProgress: Bool) {
        let fd = try open(address)
        do throws(TransportError) {
            if let local { try bind(fd, local) }
            return (fd, try connect(fd, address))
        } catch {
            close(fd)
            throw error
        }
    }

    private static func connect(_ fd: Int32, _ address: SocketAddress) throws(TransportError) -> Bool {
        if address.family != .unix { setNoDelay(fd) }
        let result = unsafe address.withSockaddr { unsafe Glibc.connect(fd, $0, $1) }
        if result == 0 { return false }
        let number = errno
        // A connect that a signal interrupts goes on, as one in progress does.
        guard number == EINPROGRESS || number == EINTR else { throw TransportError(errno: number) }
        return true
    }

    private static func bind(_ fd: Int32, _ local: SocketAddress) throws(TransportError) {
        // The port is chosen by connect, so that only pairs of addresses have to differ.
        setOption(fd, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT)
        guard unsafe local.withSockaddr({ unsafe Glibc.bind(fd, $0, $1) }) != 0 else { return }
        let cause = TransportError(errno: errno)
        throw TransportError(text: "local address \(local.host): \(cause.text)", errorCode: cause.errorCode)
    }

    /// How a connect in progress ended; nil: it is connected.
    public static func connectError(_ fd: Int32) -> TransportError? {
        var number: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &size) == 0 else { return lastError() }
        return number == 0 ? nil : TransportError(errno: number)
    }

    /// Listens at an address; port 0 takes a free one (see `localAddress`).
    public static func listen(_ address: SocketAddress) throws(TransportError) -> Int32 {
        let fd = try open(address)
        setOption(fd, SOL_SOCKET, SO_REUSEADDR)
        let isBound = unsafe address.withSockaddr { unsafe Glibc.bind(fd, $0, $1) } == 0
        guard isBound, Glibc.listen(fd, 4096) == 0 else {
            let error = lastError()
            close(fd)
            throw error
        }
        return fd
    }

    /// The next connection of a listening descriptor; nil if there is none now.
    public static func accept(_ fd: Int32) throws(TransportError) -> Int32? {
        while true {
            let connection = Glibc.accept(fd, nil, nil)
            if connection >= 0 {
                setNonBlocking(connection)
                setNoDelay(connection)
                return connection
            }
            if isWouldBlock(errno) || errno == ECONNABORTED { return nil }
            if errno != EINTR { throw lastError() }
        }
    }

    /// The address that a descriptor is bound to; nil for a unix socket.
    public static func localAddress(_ fd: Int32) -> SocketAddress? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // SAFETY: `storage` outlives the call and is as large as `size` says.
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(fd, $0, &size) == 0 ? SocketAddress(UnsafePointer($0)) : nil
            }
        }
    }

    /// Reads what is there, `count` octets at most.
    public static func read(_ fd: Int32, atMost count: Int) throws(TransportError) -> ReadResult {
        var number: Int32 = 0
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 1)) { buffer, filled in
            var got = 0
            repeat {
                got = unsafe recv(fd, buffer.baseAddress, buffer.count, 0)
            } while got < 0 && errno == EINTR
            number = got < 0 ? errno : 0
            filled = max(got, 0)
        }
        if number == 0 { return octets.isEmpty ? .end : .octets(octets) }
        guard isWouldBlock(number) else { throw TransportError(errno: number) }
        return .wouldBlock
    }

    /// Writes what fits; how many octets that was, 0 if none now.
    public static func write(_ fd: Int32, _ octets: ArraySlice<UInt8>) throws(TransportError) -> Int {
        while true {
            let count = unsafe octets.withUnsafeBytes { unsafe send(fd, $0.baseAddress, $0.count, noSignal) }
            if count >= 0 { return count }
            if isWouldBlock(errno) { return 0 }
            if errno != EINTR { throw lastError() }
        }
    }

    /// Says that nothing more will be written; reading goes on.
    public static func finishWriting(_ fd: Int32) { shutdown(fd, Int32(SHUT_WR)) }

    /// Closes a descriptor.
    public static func close(_ fd: Int32) { _ = Glibc.close(fd) }

    /// Two connected descriptors of the same process.
    public static func pair() throws(TransportError) -> (Int32, Int32) {
        var fds: [Int32] = [-1, -1]
        guard unsafe socketpair(AF_UNIX, streamType, 0, &fds) == 0 else { throw lastError() }
        return (fds[0], fds[1])
    }

    private static var streamType: Int32 {
        Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    }
    private static var noSignal: Int32 { Int32(MSG_NOSIGNAL) }

    private static func open(_ address: SocketAddress) throws(TransportError) -> Int32 {
        let fd = socket(address.familyNumber, streamType, 0)
        guard fd >= 0 else { throw lastError() }
        return sparingSmall(fd)
    }

    /// The descriptor, or in its place one above 1023 where many are open: small ones are left to the program, for Tcl 8.6
    /// and all else that uses select(2) can wait for no others.
    public static func sparingSmall(_ fd: Int32) -> Int32 {
        guard (256..<1024).contains(fd) else { return fd }
        let higher = fcntl(fd, F_DUPFD_CLOEXEC, 1024)
        guard higher >= 0 else { return fd }
        close(fd)
        return higher
    }

    private static func setNonBlocking(_ fd: Int32) {
        _ = fcntl(fd, F_SETFL, O_NONBLOCK)
        _ = fcntl(fd, F_SETFD, FD_CLOEXEC)
    }

    private static func setNoDelay(_ fd: Int32) { setOption(fd, Int32(IPPROTO_TCP), TCP_NODELAY) }

    private static func setOption(_ fd: Int32, _ level: Int32, _ option: Int32) {
        var isOn: Int32 = 1
        unsafe setsockopt(fd, level, option, &isOn, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func isWouldBlock(_ number: Int32) -> Bool { number == EAGAIN || number == EWOULDBLOCK }
    private static func lastError() -> TransportError { TransportError(errno: errno) }

    /// How many descriptors the process may have.
    public static var descriptorLimit: Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(clamping: limit.rlim_cur)
    }
}
