import TclBridge

/// The commands of the package `smtp`.
enum SMTPCommands {
    static var all: [Command] {
        [sendmessage, configure, cget, status, result, report, wait, cancel, close, transcript, sink]
    }

    /// What `namespace import ::smtp::*` brings.
    static let exported = ["sendmessage"]
}
