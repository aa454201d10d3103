import TclBridge
import Transport

/// A stream that Tcl's event loop watches. `close()` ends it; dropping it does too.
protocol EventStream: OctetStream, AnyObject {
    /// The descriptor, where poll(2) may be used instead of the event loop.
    var descriptor: Int32? { get }
    /// Calls `ready` from the event loop.
    func start(_ ready: @escaping (FileHandler.Interest) -> Void)
    /// Changes what is watched.
    func ask(for interest: FileHandler.Interest)
    /// Drops the connection.
    func close()
}

/// A socket of ours.
final class SocketEventStream: EventStream {
    private let socket: SocketStream
    private var handler: FileHandler?
    private var isOpen = true

    init(_ descriptor: Int32) { socket = SocketStream(descriptor) }

    deinit { close() }

    var descriptor: Int32? { socket.descriptor }

    func start(_ ready: @escaping (FileHandler.Interest) -> Void) {
        handler = FileHandler(descriptor: socket.descriptor, abandoned: { [weak self] in self?.close() }, ready)
    }

    func ask(for interest: FileHandler.Interest) { handler?.ask(for: interest) }

    func read(atMost count: Int) throws(TransportError) -> Sockets.ReadResult { try socket.read(atMost: count) }

    func write(_ octets: ArraySlice<UInt8>) throws(TransportError) -> Int { try socket.write(octets) }

    func close() {
        guard isOpen else { return }
        isOpen = false
        handler?.cancel()
        handler = nil
        Sockets.close(socket.descriptor)
    }
}

/// A channel that a script opened for us (`-socketcmd`): of any kind, a proxy's tunnel too. It is ours to close.
final class ChannelEventStream: EventStream {
    private let channel: Channel
    private let name: String
    private let owner: LiveInterp
    private var handler: ChannelHandler?
    private var isOpen = true

    init(channel name: String, in interp: Interp) throws(TclError) {
        self.name = name
        owner = interp.live
        do throws(TclError) {
            channel = try Channel.duplex(name, in: interp)
            try channel.setOption("-blocking", to: "0", in: interp)
            // Whatever the script has written itself goes first.
            try? channel.flush()
            try channel.setOption("-buffering", to: "none", in: interp)
            try channel.setOption("-translation", to: "binary", in: interp)
        } catch {
            Channel.closeNamed(name, in: interp)
            throw error
        }
    }

    deinit { close() }

    var descriptor: Int32? { nil }

    func start(_ ready: @escaping (FileHandler.Interest) -> Void) { handler = ChannelHandler(channel, ready) }

    func ask(for interest: FileHandler.Interest) { handler?.ask(for: interest) }

    func read(atMost count: Int) throws(TransportError) -> Sockets.ReadResult {
        switch try Self.translating({ () throws(PosixFailure) in try channel.readAvailable(atMost: count) }) {
        case .octets(let octets): .octets(octets)
        case .nothing: .wouldBlock
        case .end: .end
        }
    }

    func write(_ octets: ArraySlice<UInt8>) throws(TransportError) -> Int {
        try Self.translating { () throws(PosixFailure) in try channel.writeAvailable(octets) } ?? 0
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        handler?.cancel()
        handler = nil
        if let interp = owner.interp { Channel.closeNamed(name, in: interp) }
        channel.close()
    }

    private static func translating<Value>(_ body: () throws(PosixFailure) -> Value) throws(TransportError) -> Value {
        do throws(PosixFailure) { return try body() } catch { throw TransportError(errno: error.number) }
    }
}
