import TclBridge

/// The commands of the package `smtp`.
enum SMTPCommands {
    static var all: [Command] { [sendmessage, sink] }

    /// What `namespace import ::smtp::*` brings.
    static let exported = ["sendmessage"]
}
