import Glibc
import Octets

/// Domains outside ASCII in their ASCII form (RFC 5890, 5891), by the system's libidn2, which is loaded when it is needed first.
public enum InternationalDomain {
    /// A domain longer than this has no ASCII form of at most 255 octets.
    private static let longest = 1024

    /// The ASCII form of a domain in UTF-8: `bücher.example` is `xn--bcher-kva.example`.
    ///
    /// What is ASCII stays as it is, whatever it is. Characters are mapped as UTS 46 says, without its transitional rules.
    /// An error tells what is wrong with the domain, or that the library is not there.
    public static func toASCII(_ domain: [UInt8]) -> Result<[UInt8], TransportError> {
        toASCII(domain) { IDNLibrary.system }
    }

    /// A mailbox with its domain in ASCII form; the local part must be ASCII. An address literal stays as it is.
    public static func internationalPath(_ path: [UInt8]) -> Result<[UInt8], TransportError> {
        guard path.contains(where: { $0 > 127 }) else { return .success(path) }
        let domainStart = path.lastIndex(of: UInt8(ascii: "@")).map { $0 + 1 } ?? path.count
        guard path[..<domainStart].allSatisfy({ $0 < 128 }) else {
            return .failure(error("has a local part that is not ASCII", path, code: "LOCALPART"))
        }
        return toASCII(Array(path[domainStart...])).map { path[..<domainStart] + $0 }
    }

    static func toASCII(_ domain: [UInt8], by library: () -> IDNLibrary?) -> Result<[UInt8], TransportError> {
        guard domain.contains(where: { $0 > 127 }) else { return .success(domain) }
        guard domain.count <= longest else { return .failure(error("is too long", domain, code: "LENGTH")) }
        // A NUL would end the domain early for the library, an address literal is no name.
        guard !domain.contains(0), domain.first != UInt8(ascii: "[") else {
            return .failure(error("is not valid", domain, code: "INVALID"))
        }
        guard let library = library() else {
            let reason = "needs the library \(IDNLibrary.file) (Debian's package libidn2-0)"
            return .failure(error(reason, domain, code: "UNAVAILABLE"))
        }
        switch library.toASCII(domain) {
        case .failure(let refusal): return .failure(error("is not valid: \(refusal.text)", domain, code: "INVALID"))
        case .success(let name):
            return isName(name) ? .success(name) : .failure(error("is not valid", domain, code: "INVALID"))
        }
    }

    /// The library lets empty labels through, and blanks and other signs that no name may have.
    private static func isName(_ name: [UInt8]) -> Bool {
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.dropLast().allSatisfy { !$0.isEmpty }
            && name.allSatisfy { $0.isAlpha || $0.isDigit || [0x2D, 0x2E, 0x5F].contains($0) }
    }

    private static func error(_ reason: String, _ name: [UInt8], code: String) -> TransportError {
        let shown = String(decoding: name.prefix(80), as: UTF8.self) + (name.count > 80 ? "…" : "")
        return TransportError(text: "\"\(shown)\" \(reason)", errorCode: ["IDNA", code])
    }
}

/// The functions of libidn2 that are used.
@safe struct IDNLibrary: @unchecked Sendable {
    struct Refusal: Error { let text: String }

    static let file = "libidn2.so.0"
    /// The machine's library; nil if it has none.
    static let system = IDNLibrary(file: file)

    private typealias ToASCII =
        @convention(c) (
            UnsafePointer<CChar>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, Int32
        ) -> Int32
    private typealias Describe = @convention(c) (Int32) -> UnsafePointer<CChar>?
    private typealias Free = @convention(c) (UnsafeMutableRawPointer?) -> Void

    /// `IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL`
    private static let flags: Int32 = 1 | 8

    private let convert: ToASCII
    private let describe: Describe
    private let free: Free

    /// Loads a library, which then stays; nil if it is not there or lacks a function.
    init?(file: String) {
        guard let handle = unsafe dlopen(file, RTLD_NOW | RTLD_LOCAL),
            let convert = unsafe dlsym(handle, "idn2_to_ascii_8z"),
            let describe = unsafe dlsym(handle, "idn2_strerror"), let free = unsafe dlsym(handle, "idn2_free")
        else { return nil }
        // SAFETY: the types are those of idn2.h; the library is never unloaded.
        unsafe self.convert = unsafeBitCast(convert, to: ToASCII.self)
        unsafe self.describe = unsafeBitCast(describe, to: Describe.self)
        unsafe self.free = unsafeBitCast(free, to: Free.self)
    }

    /// The ASCII form of a domain in UTF-8 without NUL.
    func toASCII(_ domain: [UInt8]) -> Result<[UInt8], Refusal> {
        let text = domain.map { CChar(bitPattern: $0) } + [0]
        var output: UnsafeMutablePointer<CChar>?
        let code = unsafe convert(text, &output, Self.flags)
        defer { unsafe free(output) }
        guard code == 0, let result = unsafe output else {
            return .failure(Refusal(text: unsafe describe(code).map { unsafe String(cString: $0) } ?? "error \(code)"))
        }
        return .success(unsafe Array(String(cString: result).utf8))
    }
}
