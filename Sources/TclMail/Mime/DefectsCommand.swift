import MIME
import TclBridge

extension MimeCommands {
    /// What is wrong with a part that was parsed: a list of dictionaries; nothing of a part that was made.
    static let defects = Command("::mime::defects", "token") { call throws(TclError) in
        let token = try call.interp.token(call.arguments[0], reading: "value")
        var defects = try Wording.translating { try token.entity.allDefects() }
        if let charset = token.entity.charsetDefect(.tcl(call.interp)) { defects.append(charset) }
        return TclObject(
            list: defects.map { defect in
                TclObject(list: [
                    TclObject("code"), TclObject(defect.code.rawValue), TclObject("offset"), TclObject(defect.offset),
                    TclObject("detail"), TclObject(defect.detail),
                ])
            })
    }
}
