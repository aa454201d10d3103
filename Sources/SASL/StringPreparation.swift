import Crypto
import Glibc
import Octets

/// SASLprep (RFC 4013), as for queries: by the system's libidn, which is loaded when it is needed first.
enum StringPreparation {
    /// What is made of text in UTF-8; `what` says whose, for errors, which never have the text itself.
    ///
    /// ASCII stays as it is, without the library; controls are refused.
    static func prepare(_ text: borrowing [UInt8], of what: String) throws(SASLError) -> [UInt8] {
        try prepare(text, of: what) { StringprepLibrary.system }
    }

    static func prepare(
        _ text: borrowing [UInt8], of what: String, by library: () -> StringprepLibrary?
    ) throws(SASLError) -> [UInt8] {
        var all: UInt8 = 0
        for index in text.indices {
            all |= text[index]
            guard !text[index].isControl else {
                throw SASLError(.credentials, "\(what) has a control character, which SASLprep (RFC 4013) refuses")
            }
        }
        guard all.isEightBit else { return text.map { $0 } }
        guard Text.isUTF8(text) else { throw SASLError(.credentials, "\(what) is not UTF-8") }
        guard let library = library() else {
            throw SASLError(
                .unavailable,
                "\(what) is not ASCII: SASLprep (RFC 4013) needs the library \(StringprepLibrary.file) "
                    + "(Debian's package libidn12)")
        }
        switch library.prepare(text) {
        case .success(let prepared): return prepared
        case .failure(let refusal):
            throw SASLError(.credentials, "\(what) is refused by SASLprep (RFC 4013): \(refusal.text)")
        }
    }
}

/// The functions of libidn that are used.
@safe struct StringprepLibrary: @unchecked Sendable {
    struct Refusal: Error { let text: String }

    static let file = "libidn.so.12"
    /// The machine's library; nil if it has none.
    static let system = StringprepLibrary(file: file)

    private typealias Prepare =
        @convention(c) (
            UnsafePointer<CChar>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, UnsafePointer<CChar>, Int32
        ) -> Int32
    private typealias Describe = @convention(c) (Int32) -> UnsafePointer<CChar>?
    private typealias Free = @convention(c) (UnsafeMutableRawPointer?) -> Void

    private let prepare: Prepare
    private let describe: Describe
    private let free: Free

    /// Loads a library, which then stays; nil if it is not there or lacks a function.
    init?(file: String) {
        guard let handle = unsafe dlopen(file, RTLD_NOW | RTLD_LOCAL),
            let prepare = unsafe dlsym(handle, "stringprep_profile"),
            let describe = unsafe dlsym(handle, "stringprep_strerror"), let free = unsafe dlsym(handle, "idn_free")
        else { return nil }
        // SAFETY: the types are those of stringprep.h; the library is never unloaded.
        unsafe self.prepare = unsafeBitCast(prepare, to: Prepare.self)
        unsafe self.describe = unsafeBitCast(describe, to: Describe.self)
        unsafe self.free = unsafeBitCast(free, to: Free.self)
    }

    /// The prepared form of UTF-8 without NUL. Code points that Unicode 3.2 did not have yet stay as they are.
    func prepare(_ text: borrowing [UInt8]) -> Result<[UInt8], Refusal> {
        var input: [UInt8] = []
        // Without growing, which would leave parts of a secret behind.
        input.reserveCapacity(text.count + 1)
        for index in text.indices { input.append(text[index]) }
        input.append(0)
        defer { Secret.wipe(&input) }
        var output: UnsafeMutablePointer<CChar>?
        let code = unsafe input.withUnsafeBufferPointer { input in
            unsafe input.withMemoryRebound(to: CChar.self) { input in
                // The array has at least its NUL.
                unsafe input.baseAddress.map { unsafe prepare($0, &output, "SASLprep", 0) } ?? -1
            }
        }
        guard code == 0, let result = unsafe output else {
            return .failure(Refusal(text: unsafe describe(code).map { unsafe String(cString: $0) } ?? "error \(code)"))
        }
        let count = unsafe strlen(result)
        let prepared = unsafe result.withMemoryRebound(to: UInt8.self, capacity: count) { start in
            unsafe Array(UnsafeBufferPointer(start: start, count: count))
        }
        unsafe explicit_bzero(result, count)
        unsafe free(result)
        return .success(prepared)
    }
}
