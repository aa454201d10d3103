import Glibc
import TclBridge
import Transport

/// Opens a connection to the first of some addresses that answers, in Tcl's event loop.
final class ConnectionAttempt {
    private var connector: Connector
    private let seconds: Int
    private let completion: (Result<Int32, TransportError>) -> Void
    private var descriptor: Int32?
    private var handler: FileHandler?
    private var deadline: TclTimer?

    /// `completion` gets the connected descriptor, which it owns, or the first address's error.
    init(_ connector: Connector, seconds: Int, completion: @escaping (Result<Int32, TransportError>) -> Void) {
        self.connector = connector
        self.seconds = seconds
        self.completion = completion
    }

    deinit { cancel() }

    func start() {
        while let address = connector.next() {
            do throws(TransportError) {
                let (opened, isInProgress) = try Sockets.connect(address)
                guard EventLoop.canWatch(opened) else {
                    Sockets.close(opened)
                    throw TransportError(errno: EMFILE)
                }
                descriptor = opened
                return isInProgress ? awaitAnswer(opened) : succeed()
            } catch {
                connector.failed(error)
            }
        }
        completion(.failure(connector.firstError ?? TransportError(errno: EADDRNOTAVAIL)))
    }

    /// Nothing more happens; what is open is closed.
    func cancel() {
        handler?.cancel()
        handler = nil
        deadline?.cancel()
        deadline = nil
        if let descriptor { Sockets.close(descriptor) }
        descriptor = nil
    }

    private func awaitAnswer(_ opened: Int32) {
        let handler = FileHandler(descriptor: opened) { [weak self] _ in self?.answered() }
        self.handler = handler
        handler.ask(for: .writable)
        deadline = TclTimer(milliseconds: 1000 * seconds) { [weak self] in
            self?.next(after: TransportError(errno: ETIMEDOUT))
        }
    }

    /// What is waited for, if anything is.
    var watch: Sockets.Watch? { descriptor.map { Sockets.Watch($0, write: true) } }

    /// The descriptor is ready: the connection is there, or has failed.
    func answered() {
        guard let descriptor else { return }
        if let error = Sockets.connectError(descriptor) { next(after: error) } else { succeed() }
    }

    private func next(after error: TransportError) {
        connector.failed(error)
        cancel()
        start()
    }

    private func succeed() {
        guard let opened = descriptor else { return }
        descriptor = nil
        cancel()
        completion(.success(opened))
    }
}
