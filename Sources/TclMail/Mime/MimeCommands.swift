import TclBridge

/// The commands of the package `mime`.
enum MimeCommands {
    static var all: [Command] {
        [
            initialize, finalize, getproperty, getsize, getheader, setheader, getparam, getbody, copymessage,
            buildmessage,
            parseaddress, parsedatetime, mapencoding, reversemapencoding, wordEncode, wordDecode, fieldDecode,
            qpEncode, qpDecode, encodingasciiP, uniqueID, defects, walk,
        ]
    }

    /// What `namespace import ::mime::*` brings: the union of what the reference's releases export.
    static let exported = [
        "initialize", "finalize", "getproperty", "getheader", "setheader", "getbody", "buildmessage", "copymessage",
        "mapencoding", "reversemapencoding", "parseaddress", "parsedatetime", "uniqueID",
    ]
}
