import TclBridge

/// The commands of the package `smtp`.
enum SMTPCommands {
    static var all: [Command] { [sendmessage] }

    /// What `namespace import ::smtp::*` brings.
    static let exported = ["sendmessage"]
}
