import CTcl

/// A standard channel of the process, as the scripts of this thread see it.
public enum StandardChannel: Int32, Sendable {
    /// Standard input.
    case input = 0
    /// Standard output.
    case output = 1
    /// Standard error.
    case error = 2

    /// Writes a value and flushes; without effect where the channel is closed.
    public func write(_ text: TclObject) {
        guard let channel = unsafe ctcl_std_channel(rawValue) else { return }
        _ = unsafe text.withHandle { unsafe ctcl_write_obj(channel, $0) }
        _ = unsafe ctcl_flush(channel)
    }
}
