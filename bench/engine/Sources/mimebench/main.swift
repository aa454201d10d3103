// mimebench - measures the engine without Tcl: TASK ARG...; prints what mime.tcl prints.
//
//     tree FOLDER                            each mail parsed, every entity of its tree visited; nothing is decoded
//     decode FOLDER                          the same, and every leaf decoded
//     code base64|qp encode|decode FILE      with CRLF, base64 in lines of 76 characters, from memory to memory
import Glibc
import MIME

switch CommandLine.arguments.dropFirst().first {
case "tree": try measureCorpus(decodes: false)
case "decode": try measureCorpus(decodes: true)
case "code": measureCode()
default: exit(2)
}

/// Parses the mails of a folder.
func measureCorpus(decodes: Bool) throws {
    let mails = folder(CommandLine.arguments[2])
    var counts = Counts()
    let secs = try seconds {
        counts = Counts()
        for mail in mails { try visit(Entity.parse(mail), decodes: decodes, counts: &counts) }
    }
    report(secs: secs, work: mails.reduce(0) { $0 + $1.count }, counts: counts)
}

/// Leaves seen, and the octets of their bodies if they were decoded.
struct Counts {
    var leaves = 0
    var octets = 0
}

func visit(_ entity: Entity, decodes: Bool, counts: inout Counts) throws {
    let parts = entity.parts
    for part in parts { try visit(part, decodes: decodes, counts: &counts) }
    guard parts.isEmpty else { return }
    counts.leaves += 1
    if decodes { counts.octets += try entity.decodedBody().count }
}
