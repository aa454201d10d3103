import Glibc

/// A program that is given octets and says by its exit status what became of them. Its standard output and error come back
/// as one stream.
public final class ChildProcess {
    /// Writes to the program's standard input; -1 once it is closed. Does not block.
    public private(set) var input: Int32
    /// Reads what the program says. Does not block.
    public let output: Int32
    private let identifier: pid_t
    private var ended: Exit?

    /// How a program ended.
    public enum Exit: Equatable, Sendable {
        /// By itself, with this status.
        case status(Int32)
        /// By a signal.
        case signal(Int32)
        /// Somebody else, such as a handler of SIGCHLD, has taken the status: nobody knows it.
        case untold
    }

    /// Starts a program, named by its path, with its arguments; no shell is asked.
    public init(_ path: String, _ arguments: [String]) throws(TransportError) {
        guard !([path] + arguments).contains(where: { $0.utf8.contains(0) }) else {
            throw TransportError(errno: EINVAL)
        }
        let (input, childInput) = try Self.pair()
        let (output, childOutput): (Int32, Int32)
        do throws(TransportError) {
            (output, childOutput) = try Self.pair()
        } catch {
            [input, childInput].forEach(Sockets.close)
            throw error
        }
        // Where a socket is closed with something unread, the other end reads an error and not the end: unless
        // `finishInput` is called, even if this process is killed, the program does not take half the octets for all.
        _ = try? Sockets.write(childInput, [0])
        defer { [childInput, childOutput].forEach(Sockets.close) }
        var identifier = pid_t()
        let number = Self.spawn(&identifier, path, arguments, input: childInput, output: childOutput)
        guard number == 0 else {
            [input, output].forEach(Sockets.close)
            throw TransportError(errno: number)
        }
        (self.identifier, self.input, self.output) = (identifier, input, output)
    }

    deinit { kill() }

    /// Writes what fits; how many octets that was, 0 if none now.
    public func write(_ octets: ArraySlice<UInt8>) throws(TransportError) -> Int { try Sockets.write(input, octets) }

    /// What the program has said.
    public func read() -> Sockets.ReadResult { (try? Sockets.read(output, atMost: 4096)) ?? .end }

    /// The program's input is complete.
    public func finishInput() {
        if input >= 0 { _ = try? Sockets.read(input, atMost: 1) }
        closeInput()
    }

    /// The program gets no more input; if it was not complete, reading it fails.
    public func closeInput() {
        if input >= 0 { Sockets.close(input) }
        input = -1
    }

    /// How the program ended; nil while it runs.
    public func exit() -> Exit? {
        if ended == nil { reap(WNOHANG) }
        return ended
    }

    /// Ends the program at once: what it has been given does not count.
    public func kill() {
        guard identifier > 0 else { return }
        if ended == nil {
            _ = Glibc.kill(identifier, SIGKILL)
            reap(0)
        }
        closeInput()
        if !isClosed { Sockets.close(output) }
        isClosed = true
    }
    private var isClosed = false

    private func reap(_ options: Int32) {
        var word: Int32 = 0
        var got: pid_t = 0
        repeat { got = unsafe waitpid(identifier, &word, options) } while got < 0 && errno == EINTR
        if got == identifier {
            ended = word & 0x7f == 0 ? .status((word >> 8) & 0xff) : .signal(word & 0x7f)
        } else if got < 0 {
            ended = .untold
        }
    }

    /// Our end, which does not block, and the program's, which does. Sockets, because a pipe that no other program can
    /// inherit meanwhile is not to be had in one call here.
    private static func pair() throws(TransportError) -> (Int32, Int32) {
        let (ours, theirs) = try Sockets.pair()
        _ = fcntl(theirs, F_SETFL, 0)
        return (ours, theirs)
    }

    private static func spawn(
        _ identifier: inout pid_t, _ path: String, _ arguments: [String], input: Int32, output: Int32
    ) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // SIGPIPE as a program expects it, whatever this process made of it.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        // SAFETY: the copies live until the program has been started, and are freed then.
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        return unsafe posix_spawn(&identifier, path, &actions, &attributes, &words, environ)
    }
}
