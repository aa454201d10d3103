/// What has to be found out by looking at bodies before a message is written, kept for each further writer of it.
final class MessageDecisions {
    private let root: Entity
    private var check: BoundaryCheck?
    private var isChecked = false
    private var encodings: [ObjectIdentifier: TransferEncoding?] = [:]
    private var choice: (entity: Entity, EncodingChoice)?

    /// Nothing is known yet.
    init(_ root: Entity) { self.root = root }

    /// Looks at some octets for lines that are like boundaries; false if that is done. Throws `.unreadableSource`.
    func checkBoundaries() throws(MIMEError) -> Bool {
        if isChecked { return false }
        if check == nil { check = BoundaryCheck(of: root) }
        if try check?.step(self) == true { return true }
        isChecked = true
        check = nil
        return false
    }

    /// Looks at some octets of a body for the encoding that they want; false if that is done or need not be. Throws
    /// `.unreadableSource`.
    func choose(for entity: Entity) throws(MIMEError) -> Bool {
        let identity = ObjectIdentifier(entity)
        guard EntityLayout.choosesEncoding(of: entity), encodings[identity] == nil else { return false }
        if choice?.entity !== entity { choice = (entity, try EncodingChoice(for: entity)) }
        if try choice?.1.step() == true { return true }
        encodings.updateValue(choice?.1.encoding, forKey: identity)
        choice = nil
        return false
    }

    /// The encoding that the body of `entity` goes out in, and that is declared; nil: none.
    func encoding(of entity: Entity) throws(MIMEError) -> TransferEncoding? {
        guard EntityLayout.choosesEncoding(of: entity) else { return EntityLayout.declaredEncoding(of: entity) }
        while try choose(for: entity) {}
        return encodings[ObjectIdentifier(entity)] ?? nil
    }
}
