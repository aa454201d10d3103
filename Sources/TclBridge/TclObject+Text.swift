import CTcl

// Tcl's internal strings are UTF-8 with two changes: NUL is C0 80, and Tcl 8.6 writes characters above U+FFFF as two
// surrogates of three octets each. Everything that knows this is in this file.

extension TclObject {
    /// A new value of UTF-8 text; ill-formed octets are taken as U+FFFD by Tcl's own rules.
    public convenience init(utf8: [UInt8]) {
        let value = unsafe utf8.withUnsafeBufferPointer { unsafe Self.makeString($0) }
        unsafe self.init(borrowing: value)
    }

    /// A new value of UTF-8 text, which has no reference yet.
    static func newHandle(utf8: [UInt8]) -> CTclObj {
        unsafe utf8.withUnsafeBufferPointer { unsafe makeString($0) }
    }

    /// A new string value.
    public convenience init(_ string: String) {
        var string = string
        let value = string.withUTF8 { unsafe Self.makeString($0) }
        unsafe self.init(borrowing: value)
    }

    /// A new value, without a reference, of UTF-8 text.
    private static func makeString(_ utf8: UnsafeBufferPointer<UInt8>) -> CTclObj {
        if needsInternalForm(unsafe Span(_unsafeElements: utf8)) {
            let form = unsafe internalForm(utf8)
            return unsafe form.withUnsafeBytes {
                unsafe ctcl_new_string($0.assumingMemoryBound(to: CChar.self).baseAddress, $0.count)
            }
        }
        return unsafe UnsafeRawBufferPointer(utf8).withMemoryRebound(to: CChar.self) {
            unsafe ctcl_new_string($0.baseAddress, $0.count)
        }
    }

    /// A new value of octets, each a character U+0000 … U+00FF.
    public convenience init(octets: [UInt8]) {
        unsafe self.init(borrowing: Self.newHandle(octets: octets.span))
    }

    /// A new value of octets, which has no reference yet.
    static func newHandle(octets: Span<UInt8>) -> CTclObj {
        let isPlain = octets.count < 4096 && TextForm.isPlain(octets)
        return unsafe octets.withUnsafeBytes {
            unsafe isPlain
                ? ctcl_new_string($0.assumingMemoryBound(to: CChar.self).baseAddress, $0.count)
                : ctcl_new_bytes($0.assumingMemoryBound(to: UInt8.self).baseAddress, $0.count)
        }
    }

    /// A new value of any number of octets; throws where this Tcl cannot hold so many (8.6: 2 GiB).
    public static func holding(octets: [UInt8]) throws(TclError) -> TclObject {
        guard octets.count <= mostOctets else { throw tooMany(octets.count) }
        return TclObject(octets: octets)
    }

    /// The most octets that one value can hold in this Tcl; 8.6 ends the process beyond.
    public static var mostOctets: Int { Interp.tclMajorVersion >= 9 ? Int.max : Int(Int32.max) }

    /// A new value of the octets that `body` writes, which are written into the value's own memory.
    ///
    /// `byteCapacity` is what there is room for, at most `mostOctets`. `body` may call Tcl, where nothing knows the value
    /// yet.
    public convenience init<Failure: Error>(
        byteCapacity: Int, initializingWith body: (inout OutputSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(byteCapacity >= 0 && byteCapacity <= Self.mostOctets, "too many octets for a Tcl value")
        var start: UnsafeMutablePointer<UInt8>?
        let value = unsafe ctcl_new_byte_buffer(byteCapacity, &start)
        unsafe self.init(borrowing: value)
        // SAFETY: the memory is the new value's, which nothing else knows yet and `self` keeps.
        let buffer = unsafe UnsafeMutableBufferPointer(start: start, count: start == nil ? 0 : byteCapacity)
        var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
        try body(&output)
        _ = unsafe ctcl_set_byte_count(value, output.finalize(for: buffer))
    }

    /// Whether there is memory for a value of so many octets: without it Tcl would end the process.
    public static func hasMemory(for count: Int) -> Bool {
        count < 1 << 26 || count <= mostOctets && ctcl_has_memory(count) != 0
    }

    /// A new value of all octets that `next` gives until nil, copied once; throws where this Tcl cannot hold so many.
    ///
    /// `next` may call Tcl.
    public static func gathering(_ next: () throws(TclError) -> [UInt8]?) throws(TclError) -> TclObject {
        guard let first = try next() else { return TclObject("") }
        guard let chunk = try next() else { return try holding(octets: first) }
        let value = TclObject(byteCapacity: 0) { _ in }
        var (count, room) = (0, 0)
        func add(_ octets: [UInt8]) throws(TclError) {
            guard octets.count <= mostOctets - count else { throw tooMany(count + octets.count) }
            let end = count + octets.count
            if end > room { room = end > mostOctets / 2 ? mostOctets : 2 * end }
            value.write(octets, at: count, room: room)
            count = end
        }
        try add(first)
        try add(chunk)
        while let more = try next() { try add(more) }
        _ = unsafe value.withHandle { unsafe ctcl_set_byte_count($0, count) }
        return value
    }

    /// Writes octets at an offset of a byte array that has room for `room` octets then.
    private func write(_ octets: [UInt8], at offset: Int, room: Int) {
        unsafe withHandle { value in
            guard let start = unsafe ctcl_set_byte_count(value, room) else { return }
            // SAFETY: the caller has made sure that the octets have room in the value's own memory.
            unsafe octets.withUnsafeBytes { source in
                unsafe UnsafeMutableRawBufferPointer(start: start + offset, count: room - offset).copyMemory(
                    from: source)
            }
        }
    }

    /// The error of a value that nothing can hold.
    public static func tooMany(_ count: Int) -> TclError {
        TclError("\(count) octets are too many for one value", errorCode: ["TCL", "MEMORY"])
    }

    /// Lends the octets of a value that is a byte array without a string; nil, without a call, for every other value.
    ///
    /// `body` must neither do anything with this value in Tcl nor keep the span.
    public func withPureOctets<Value, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Value
    ) throws(Failure) -> Value? {
        var count = 0
        guard let start = unsafe withHandle({ unsafe ctcl_pure_bytes($0, &count) }) else { return nil }
        defer { withExtendedLifetime(self) {} }
        // SAFETY: the octets are the value's own; it is alive during `body`, and without Tcl nothing changes it.
        return try body(unsafe Span(_unsafeStart: start, count: count))
    }

    /// The value as a Swift string.
    public var string: String {
        withInternalForm { text in
            if !TextForm.isUTF8(text) { return String(decoding: Self.utf8(fromInternal: text), as: UTF8.self) }
            return unsafe text.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The value as well-formed UTF-8; a surrogate without its partner becomes U+FFFD.
    public var utf8: [UInt8] { withInternalForm { Self.utf8(fromInternal: $0) } }

    /// The octets of a value whose characters are all at most U+00FF; nil when one is above.
    public var octets: [UInt8]? {
        let pure: [UInt8]? = unsafe withHandle { value in
            var count = 0
            guard let bytes = unsafe ctcl_pure_bytes(value, &count) else { return nil }
            return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
        }
        return pure ?? withInternalForm { Self.octets(fromInternal: $0) }
    }

    /// True if the value is the empty string; no list is turned into a string for this.
    public var isEmpty: Bool { pureOctetCount.map { $0 == 0 } ?? withInternalForm { $0.isEmpty } }

    /// True if the value's string is US-ASCII without NUL: its octets are then those of `withPlainText`.
    public var isPlainText: Bool { withInternalForm { TextForm.isPlain($0) } }

    /// Lends the octets of a value whose `isPlainText` is true; it stays true for a value that something else holds too.
    ///
    /// `body` must neither do anything with this value in Tcl nor keep the span.
    public func withPlainText<Value, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try withInternalForm(body)
    }

    private func withInternalForm<Value, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        var count = 0
        let start = unsafe withHandle { unsafe ctcl_string($0, &count) }
        defer { withExtendedLifetime(self) {} }
        // SAFETY: the pointer is the value's own string; the value is alive during `body`, which calls nothing of Tcl.
        let raw = unsafe UnsafeRawBufferPointer(start: start, count: count).bindMemory(to: UInt8.self)
        return try body(unsafe Span(_unsafeElements: raw))
    }

    // MARK: Conversion

    private static func utf8(fromInternal text: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            let run = TextForm.end(ofUTF8: text, from: at)
            unsafe text.extracting(at..<run).withUnsafeBufferPointer { unsafe result.append(contentsOf: $0) }
            at = run < text.count ? appendOdd(text, at: run, to: &result) : run
        }
        return result
    }

    /// Appends what C0 or ED at an offset begins, as UTF-8; where that ends.
    private static func appendOdd(_ text: Span<UInt8>, at start: Int, to result: inout [UInt8]) -> Int {
        if text[start] == 0xC0, start + 1 < text.count, text[start + 1] == 0x80 {
            result.append(0)
            return start + 2
        }
        guard let unit = surrogate(text, start) else {
            result.append(text[start])
            return start + 1
        }
        guard unit < 0xDC00, let low = surrogate(text, start + 3), low >= 0xDC00 else {
            result.append(contentsOf: [0xEF, 0xBF, 0xBD])
            return start + 3
        }
        append(scalar: 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), to: &result)
        return start + 6
    }

    /// The surrogate (U+D800 … U+DFFF) whose three octets begin at an offset, if one does.
    private static func surrogate(_ text: Span<UInt8>, _ at: Int) -> UInt32? {
        guard at + 2 < text.count, text[at] == 0xED, text[at + 1] >= 0xA0 else { return nil }
        return 0xD000 | UInt32(text[at + 1] & 0x3F) << 6 | UInt32(text[at + 2] & 0x3F)
    }

    private static func append(scalar: UInt32, to result: inout [UInt8]) {
        result.append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
        result.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 12) & 0x3F)
        result.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 6) & 0x3F)
        result.append(0x80 | UInt8(truncatingIfNeeded: scalar) & 0x3F)
    }

    private static func octets(fromInternal text: Span<UInt8>) -> [UInt8]? {
        var isNarrow = true
        let octets = [UInt8](capacity: text.count + 16) { isNarrow = TextForm.narrow(text, into: &$0) }
        return isNarrow ? octets : nil
    }

    private static func needsInternalForm(_ utf8: Span<UInt8>) -> Bool {
        if TextForm.isPlain(utf8) { return false }
        for at in utf8.indices where utf8[at] == 0 || utf8[at] >= 0xF0 { return true }
        return false
    }

    private static func internalForm(_ utf8: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(utf8.count + utf8.count / 2)
        let splits = Interp.tclMajorVersion < 9
        for scalar in unsafe String(decoding: utf8, as: UTF8.self).unicodeScalars {
            if scalar.value == 0 {
                result.append(contentsOf: [0xC0, 0x80])
            } else if scalar.value > 0xFFFF, splits {
                let offset = scalar.value - 0x10000
                for unit in [0xD800 + (offset >> 10), 0xDC00 + (offset & 0x3FF)] {
                    result.append(0xED)
                    result.append(0x80 | UInt8(truncatingIfNeeded: unit >> 6) & 0x3F)
                    result.append(0x80 | UInt8(truncatingIfNeeded: unit) & 0x3F)
                }
            } else {
                UTF8.encode(scalar).map { result.append(contentsOf: $0) }
            }
        }
        return result
    }
}
