import Glibc
import SMTP
import Synchronization
import TclBridge
import Transport

/// What two sends must have in common to use one connection.
struct ConnectionKey: Equatable {
    let server: Endpoint
    let session: Session.Options
    /// Options that say how the server is reached and who the user is, word by word.
    let words: [String]
    /// The same of TLS and the login.
    let security: SendSecurity.Key
}

/// Connections that wait for the next send (`-keepalive 1`).
final class ConnectionPool {
    private final class Entry {
        let key: ConnectionKey
        let conversation: Conversation
        let since = SystemClock.monotonic()
        var timer: TclTimer?

        init(_ key: ConnectionKey, _ conversation: Conversation) {
            self.key = key
            self.conversation = conversation
        }

        var isStale: Bool { SystemClock.monotonic() - since > ConnectionPool.idleMilliseconds * 1_000_000 }
    }

    /// How long a connection waits.
    private static let idleMilliseconds = 10_000
    /// How many wait.
    private static let most = 100
    /// How many wait for an answer to QUIT when the next connection is wanted.
    private static let mostLeaving = 4
    /// Mails on a connection that is used again: OpenSMTPD takes a hundred, and a send may have two.
    private static let mostMails = 98

    private var entries: [Entry] = []
    /// Those that have said QUIT and wait for the answer, the oldest first: the event loop's handlers do not own them.
    private var leaving: [Conversation] = []
    /// The program may end while connections wait.
    private var end: ThreadExit?

    /// A waiting connection for such a send, no longer waiting.
    func take(_ key: ConnectionKey) -> Conversation? {
        defer { sweep() }
        while let index = entries.lastIndex(where: { $0.key == key }) {
            let entry = remove(at: index)
            // The event loop did not run: the server may have given it up by now.
            let isWorn = entry.conversation.mailCount > Self.mostMails
            if !entry.isStale, !isWorn, entry.conversation.isAlive { return entry.conversation }
            dismiss(entry.conversation)
        }
        return nil
    }

    /// Keeps a connection whose session is ready.
    func put(_ conversation: Conversation, _ key: ConnectionKey) {
        if entries.count == Self.most { dismiss(remove(at: 0).conversation) }
        let entry = Entry(key, conversation)
        conversation.park { [weak self] ended in self?.forget(ended) }
        entry.timer = TclTimer(milliseconds: Self.idleMilliseconds) { [weak self] in
            self?.forget(conversation)
            self?.dismiss(conversation)
        }
        entries.append(entry)
        if end == nil { end = ThreadExit { [weak self] in self?.hangUpAll() } }
        // Over TLS a farewell would have to be encrypted.
        if let descriptor = conversation.watch?.fd, !conversation.session.isSecured {
            IdleDescriptors.insert(descriptor)
        }
    }

    /// Says QUIT on the connection used last, or on all; how many those were. The event loop sees to the answers.
    func dismiss(onlyLast: Bool) -> Int {
        let count = onlyLast ? min(entries.count, 1) : entries.count
        // A channel that is a script may come back to this pool.
        for _ in 0..<count where !entries.isEmpty { dismiss(remove(at: entries.count - 1).conversation) }
        return count
    }

    private func dismiss(_ conversation: Conversation) {
        leaving.append(conversation)
        conversation.dismiss { [weak self] ended in self?.leaving.removeAll { $0 === ended } }
    }

    /// Looks for the answers to QUIT where the event loop has had no turn to do so: a program may send and send.
    private func sweep() {
        for conversation in leaving { conversation.handle(isReadable: true) }
        while leaving.count > Self.mostLeaving { leaving.removeFirst().close() }
    }

    /// Says QUIT everywhere without waiting.
    func hangUpAll() {
        while !entries.isEmpty { remove(at: entries.count - 1).conversation.hangUp() }
        for conversation in leaving { conversation.close() }
        leaving = []
    }

    private func forget(_ conversation: Conversation) {
        if let index = entries.firstIndex(where: { $0.conversation === conversation }) { _ = remove(at: index) }
    }

    private func remove(at index: Int) -> Entry {
        let entry = entries.remove(at: index)
        entry.timer?.cancel()
        entry.timer = nil
        if let descriptor = entry.conversation.watch?.fd { IdleDescriptors.remove(descriptor) }
        return entry
    }
}

/// The sockets on which a QUIT is due when the process ends, by the threads that have them. Nobody but a thread itself can
/// do more for its connections: that which ends the process sees to its own (`ThreadExit`).
private enum IdleDescriptors {
    private static let threads = Mutex<[Int32: ThreadIdentity]>([:])
    private static let farewell: Void = ProcessExit.run {
        let own = ThreadIdentity.current
        threads.withLock { all in
            for (descriptor, thread) in all where thread != own {
                _ = try? Sockets.write(descriptor, Array("QUIT\r\n".utf8)[...])
            }
        }
    }

    static func insert(_ descriptor: Int32) {
        _ = farewell
        threads.withLock { $0[descriptor] = ThreadIdentity.current }
    }

    static func remove(_ descriptor: Int32) { threads.withLock { _ = $0.removeValue(forKey: descriptor) } }
}
