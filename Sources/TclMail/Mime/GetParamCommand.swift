import MIME
import TclBridge

extension MimeCommands {
    static let getparam = Command("::mime::getparam", "token name") { call throws(TclError) in
        let token = try call.interp.token(call.arguments[0], reading: "params")
        let name = call.arguments[1]
        guard let text = token.entity.parameterText(name.utf8, charsets: .tcl(call.interp)) else {
            throw TclError(
                "parameter \(name.string) not in header", errorCode: ["MIME", "PARAMETER", "ABSENT", name.string])
        }
        return TclObject(utf8: text)
    }
}
