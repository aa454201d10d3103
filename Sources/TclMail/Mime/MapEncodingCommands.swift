import TclBridge

extension MimeCommands {
    static let mapencoding = Command("::mime::mapencoding", "enc") { call throws(TclError) in
        TclObject(EncodingNames.charset(ofEncoding: call.arguments[0].string) ?? "")
    }

    static let reversemapencoding = Command("::mime::reversemapencoding", "mimeType") { call throws(TclError) in
        TclObject(EncodingNames.encoding(ofCharset: call.arguments[0].string, in: call.interp) ?? "")
    }
}
