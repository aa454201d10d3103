import MIME
import TclBridge

extension MimeCommands {
    static let parseaddress = Command("::mime::parseaddress", "string") { call throws(TclError) in
        let addresses = parseAddresses(call.arguments[0].utf8, defaultDomain: { Array(TclHost.name.utf8) })
        let keys = call.interp.state(AddressKeys.self)
        var list = TclListBuilder(capacity: addresses.count)
        for address in addresses { list.append(keys.properties(of: address)) }
        return list.list
    }
}

/// The words of every address, made once for an interpreter.
private final class AddressKeys: InterpState {
    static let key = "tclmail::mime::address"

    private let words: [TclObject]
    private let empty = TclObject("")

    init(interp: Interp) {
        words = [
            "address", "comment", "domain", "error", "friendly", "group", "local", "memberP", "phrase", "proper",
            "route",
        ].map { TclObject($0) }
    }

    func interpreterDeleted() {}

    func properties(of address: ParsedAddress) -> TclListBuilder {
        var list = TclListBuilder(capacity: 2 * words.count)
        add(0, address.address, to: &list)
        add(1, address.comment, to: &list)
        add(2, address.domain, to: &list)
        add(3, address.error.map { Array(Wording.text($0).utf8) } ?? [], to: &list)
        add(4, address.friendly, to: &list)
        add(5, address.group, to: &list)
        add(6, address.local, to: &list)
        add(7, address.memberLevel, to: &list)
        add(8, address.phrase, to: &list)
        add(9, address.proper, to: &list)
        add(10, address.route, to: &list)
        return list
    }

    private func add(_ index: Int, _ value: [UInt8], to list: inout TclListBuilder) {
        list.append(words[index])
        if value.isEmpty { list.append(empty) } else { list.append(utf8: value) }
    }
}
