import TLS
import TclBridge

/// The TLS contexts of an interpreter: making one reads certificates, and one that is kept resumes its sessions.
final class TLSContexts {
    private struct Entry {
        let settings: TLSSettings
        let facts: Facts
        let context: TLSClientContext
    }

    /// What the settings' files were when they were looked at.
    private struct Facts: Equatable {
        private let files: [FileFacts?]
        /// OpenSSL reads a folder's certificates when it needs them, and keeps each for as long as the context lives.
        private let authorities: FolderFacts?
        /// Whether a change would be seen.
        let isWhole: Bool

        init(_ settings: TLSSettings) {
            let folder = settings.caDirectory
            files = [settings.caFile, folder, settings.certificateFile, settings.keyFile].map { name in
                name.flatMap { try? FileFacts(native: $0) }
            }
            authorities = folder.flatMap { try? FolderFacts(native: $0, where: Self.isAuthority) }
            isWhole = folder == nil || authorities != nil
        }

        /// The names by which OpenSSL finds certificates: the hash of the subject, in eight digits, and a number.
        private static func isAuthority(_ name: String) -> Bool {
            let octets = name.utf8
            return octets.count > 9 && octets.dropFirst(8).first == UInt8(ascii: ".")
                && octets.dropFirst(9).allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
    }

    /// How many are kept.
    private static let most = 16
    private var entries: [Entry] = []

    /// The context of these settings, if their files are what they were; else a new one.
    func context(for settings: TLSSettings) throws(TclError) -> TLSClientContext {
        let facts = Facts(settings)
        if let entry = entries.first(where: { $0.settings == settings && $0.facts == facts }) { return entry.context }
        do throws(TLSError) {
            let context = try TLSClientContext(settings)
            entries.removeAll { $0.settings == settings }
            guard facts.isWhole else { return context }
            if entries.count == Self.most { entries.removeFirst() }
            entries.append(Entry(settings: settings, facts: facts, context: context))
            return context
        } catch {
            let isMissing = error.kind == .noKey && settings.keyFile == nil
            let advice = isMissing ? "; -keyfile names the file that has it" : ""
            throw TclError(error.text + advice, errorCode: ["SMTP", "TLS", "SETTINGS"])
        }
    }
}
