import Glibc
import TclBridge
import Transport

/// A connection being made in Tcl's event loop: names are looked up, then addresses are tried as `Connector` says.
final class ConnectionAttempt {
    /// The connected descriptor, which its receiver owns, and where it leads to; or why there is none.
    typealias Outcome = Result<(descriptor: Int32, address: SocketAddress), TransportError>

    private let target: ConnectionTarget
    private let deadline: Int
    private let completion: (Outcome) -> Void
    private var lookup: (work: Lookup, result: ThreadResult<Result<ResolvedTarget, TransportError>>)?
    private var race: ConnectionRace?
    private var handlers: [FileHandler] = []
    private var timer: TclTimer?

    /// The time counts from now, for all together. `completion` is called once, unless `cancel()` comes first; it may be
    /// called by `start()`.
    init(_ target: ConnectionTarget, milliseconds: Int, completion: @escaping (Outcome) -> Void) {
        self.target = target
        self.completion = completion
        deadline = SystemClock.deadline(afterMilliseconds: milliseconds)
    }

    deinit { cancel() }

    func start() {
        if let known = target.resolvedAtOnce() { return resolved(known) }
        let result = ThreadResult<Result<ResolvedTarget, TransportError>> { [weak self] in self?.resolved($0) }
        lookup = (Lookup(target, answer: result.sender()), result)
        wake(at: deadline) { [weak self] in self?.finish(.failure(.lookupTimedOut)) }
    }

    /// Nothing more happens; what is open is closed.
    func cancel() {
        timer?.cancel()
        timer = nil
        lookup?.result.cancel()
        lookup?.work.cancel()
        lookup = nil
        handlers = []
        race?.cancel()
        race = nil
    }

    /// The descriptors that are waited for.
    var watches: [Sockets.Watch] { race?.watches ?? [] }

    /// Some of `watches` are ready: connected, or failed.
    func answered(_ ready: [Sockets.Watch]) {
        guard let race else { return }
        // The race closes descriptors, which no handler may watch then.
        handlers = []
        switch race.advance(ready) {
        case .connected(let descriptor, let address): finish(.success((descriptor, address)))
        case .failed(let error): finish(.failure(error))
        case .waiting(let until): wait(until)
        }
    }

    /// The names stand for these addresses.
    func resolved(_ answer: Result<ResolvedTarget, TransportError>) {
        lookup = nil
        switch answer {
        case .failure(let error): finish(.failure(error))
        case .success(let target):
            let race = ConnectionRace(target, deadline: deadline, canUse: EventLoop.canWatch)
            self.race = race
            switch race.advance() {
            case .waiting:
                // A near server is there at once; no timer has to be made for it.
                var ready = race.watches
                _ = try? Sockets.wait(&ready, deadline: 0)
                answered(ready)
            case .connected(let descriptor, let address): finish(.success((descriptor, address)))
            case .failed(let error): finish(.failure(error))
            }
        }
    }

    private func wait(_ until: Int) {
        handlers = watches.map { watch in
            let handler = FileHandler(descriptor: watch.fd, abandoned: { [weak self] in self?.cancel() }) {
                [weak self] _ in self?.answered([Sockets.Watch(watch.fd, isWritable: true)])
            }
            handler.ask(for: .writable)
            return handler
        }
        wake(at: until) { [weak self] in self?.answered([]) }
    }

    private func wake(at time: Int, _ action: @escaping () -> Void) {
        let left = max(time - SystemClock.monotonic(), 0)
        timer?.cancel()
        timer = TclTimer(milliseconds: (left + 999_999) / 1_000_000, action)
    }

    private func finish(_ outcome: Outcome) {
        cancel()
        completion(outcome)
    }
}
