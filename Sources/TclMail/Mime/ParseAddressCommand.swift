import MIME
import TclBridge

extension MimeCommands {
    static let parseaddress = Command("::mime::parseaddress", "string") { call throws(TclError) in
        let addresses = parseAddresses(call.arguments[0].utf8, defaultDomain: { Array(TclHost.name.utf8) })
        return TclObject(list: addresses.map(properties))
    }

    private static func properties(of address: ParsedAddress) -> TclObject {
        let pairs: [(String, [UInt8])] = [
            ("address", address.address), ("comment", address.comment), ("domain", address.domain),
            ("error", Array((address.error.map(Wording.text) ?? "").utf8)), ("friendly", address.friendly),
            ("group", address.group), ("local", address.local), ("memberP", address.memberLevel),
            ("phrase", address.phrase), ("proper", address.proper), ("route", address.route),
        ]
        return TclObject(list: pairs.flatMap { [TclObject($0.0), TclObject(utf8: $0.1)] })
    }
}
