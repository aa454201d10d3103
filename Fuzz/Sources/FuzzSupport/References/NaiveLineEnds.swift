/// Line ends, octet by octet.
enum NaiveLineEnds {
    /// LF and CRLF made CRLF; other CRs stay.
    static func crlf(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for octet in octets {
            if octet == 10 && result.last != 13 { result.append(13) }
            result.append(octet)
        }
        return result
    }

    /// CRLF made LF.
    static func lf(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for octet in octets {
            if octet == 10 && result.last == 13 { result.removeLast() }
            result.append(octet)
        }
        return result
    }
}
