import CTcl

/// Readiness of a channel, told by Tcl's event loop.
public final class ChannelHandler {
    private let channel: Channel
    private let action: (FileHandler.Interest) -> Void
    private var interest: FileHandler.Interest = []

    /// A handler that asks for nothing yet; it keeps the channel.
    public init(_ channel: Channel, _ action: @escaping (FileHandler.Interest) -> Void) {
        self.channel = channel
        self.action = action
    }

    deinit { cancel() }

    /// Changes what is asked for.
    public func ask(for wanted: FileHandler.Interest) {
        guard wanted != interest else { return }
        let wasAsking = !interest.isEmpty
        interest = wanted
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        if wasAsking { unsafe ctcl_delete_channel_handler(channel.handle, reportChannel, context) }
        if !wanted.isEmpty { unsafe ctcl_channel_handler(channel.handle, wanted.rawValue, reportChannel, context) }
    }

    /// Asks for nothing any more; must be called before the channel is closed.
    public func cancel() { ask(for: []) }

    fileprivate func report(_ mask: Int32) {
        action(FileHandler.Interest(rawValue: mask).intersection(interest))
    }
}

private func reportChannel(_ context: UnsafeMutableRawPointer, _ mask: Int32) {
    let handler = unsafe Unmanaged<ChannelHandler>.fromOpaque(context).takeUnretainedValue()
    withExtendedLifetime(handler) { handler.report(mask) }
}
