import Glibc
import SMTP

/// A socket, what is waiting to be written to it, and until when the peer may take its time.
struct Wire {
    private var fd: Int32
    private var pending: ArraySlice<UInt8> = []
    /// When the awaited reply is due; set when its command has been written.
    private var deadline: Int?

    /// Seconds a connection may take to be made, and the peer to take some octets (RFC 5321, 4.5.3.2.5).
    private static let connectSeconds = 60
    private static let writeSeconds = 180
    private static let chunk = 65536

    init(fd: Int32) { self.fd = fd }

    var hasOutput: Bool { !pending.isEmpty }

    mutating func close() {
        if fd >= 0 { Sockets.close(fd) }
        fd = -1
        pending = []
    }

    /// Writes what is to be written and reads what has come, once; waits for either within the deadline.
    /// False: there is nothing to write and nothing to wait for.
    mutating func exchange(with session: inout Session) -> Bool {
        takeOutput(of: &session)
        guard hasOutput || deadline != nil, !session.isClosed else { return false }
        do throws(TransportError) {
            var watches = [Sockets.Watch(fd, read: true, write: hasOutput)]
            guard try Sockets.wait(&watches, deadline: deadline) else {
                session.timedOut()
                return true
            }
            if watches[0].isReadable { try read(into: &session) }
            if watches[0].isWritable, !session.isClosed { try write(for: session) }
        } catch {
            session.failed(error.text)
        }
        return true
    }

    private mutating func takeOutput(of session: inout Session) {
        if session.hasOutput {
            let output = session.takeOutput()
            pending = hasOutput ? pending + output : output[...]
            deadline = SystemClock.deadline(afterSeconds: Self.writeSeconds)
        } else if session.replySeconds == nil {
            deadline = hasOutput ? deadline : nil
        } else if deadline == nil {
            deadline = session.replySeconds.map(SystemClock.deadline)
        }
    }

    private mutating func read(into session: inout Session) throws(TransportError) {
        switch try Sockets.read(fd, atMost: Self.chunk) {
        case .octets(let octets): session.receive(octets[...])
        case .end: session.peerClosed()
        case .wouldBlock: break
        }
    }

    private mutating func write(for session: Session) throws(TransportError) {
        let count = try Sockets.write(fd, pending)
        pending = pending.dropFirst(count)
        let seconds = hasOutput ? Self.writeSeconds : session.replySeconds
        deadline = seconds.map(SystemClock.deadline)
    }

    /// A connected descriptor.
    static func connect(_ address: SocketAddress) throws(TransportError) -> Int32 {
        let (fd, isInProgress) = try Sockets.connect(address)
        guard isInProgress else { return fd }
        do throws(TransportError) {
            let limit = SystemClock.deadline(afterSeconds: connectSeconds)
            guard try Sockets.wait(fd, write: true, deadline: limit) else { throw TransportError(errno: ETIMEDOUT) }
            if let error = Sockets.connectError(fd) { throw error }
            return fd
        } catch {
            Sockets.close(fd)
            throw error
        }
    }
}
