import TLS
import TclBridge

/// The TLS contexts of an interpreter: making one reads certificates, and one that is kept resumes its sessions.
final class TLSContexts {
    private struct Entry {
        let settings: TLSSettings
        let facts: [FileFacts?]
        let context: TLSClientContext
    }

    /// How many are kept.
    private static let most = 16
    private var entries: [Entry] = []

    /// The context of these settings, if their files are what they were; else a new one.
    func context(for settings: TLSSettings) throws(TclError) -> TLSClientContext {
        let files = [settings.caFile, settings.caDirectory, settings.certificateFile, settings.keyFile]
        let facts = files.map { $0.flatMap { try? FileFacts(native: $0) } }
        if let entry = entries.first(where: { $0.settings == settings && $0.facts == facts }) { return entry.context }
        do throws(TLSError) {
            let context = try TLSClientContext(settings)
            entries.removeAll { $0.settings == settings }
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
