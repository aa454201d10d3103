import CTcl

/// A Tcl value; owns exactly one reference of it.
@safe public final class TclObject {
    private let handle: CTclObj

    /// Adds a reference to a value that somebody else holds.
    init(borrowing handle: CTclObj) {
        unsafe self.handle = handle
        unsafe ctcl_retain(handle)
    }

    /// Takes over a reference that the caller holds.
    init(owning handle: CTclObj) {
        unsafe self.handle = handle
    }

    deinit { unsafe ctcl_release(handle) }

    /// Lends Tcl's pointer. The reference lives until `body` has ended, also that of a temporary value.
    func withHandle<Value>(_ body: (CTclObj) -> Value) -> Value {
        defer { withExtendedLifetime(self) {} }
        return unsafe body(handle)
    }

    /// Lends Tcl's pointers of several values, in an array.
    static func withHandles<Value>(of values: [TclObject], _ body: (UnsafeBufferPointer<CTclObj>) -> Value) -> Value {
        defer { withExtendedLifetime(values) {} }
        let handles = unsafe values.map { unsafe $0.handle }
        return unsafe handles.withUnsafeBufferPointer { unsafe body($0) }
    }

    /// A new integer value.
    public convenience init(_ value: Int) {
        unsafe self.init(borrowing: ctcl_new_wide(Int64(value)))
    }

    /// A new list value.
    public convenience init(list elements: [TclObject]) {
        let list = unsafe Self.withHandles(of: elements) { unsafe ctcl_new_list($0.count, $0.baseAddress) }
        unsafe self.init(borrowing: list)
    }

    /// A new list of strings.
    public convenience init(strings: [String]) {
        self.init(list: strings.map { TclObject($0) })
    }

    /// The elements of the value as a list; throws Tcl's own words when it is none.
    public func list(in interp: Interp) throws(TclError) -> [TclObject] {
        var count = 0
        var elements: UnsafeMutablePointer<CTclObj>?
        guard unsafe ctcl_list(interp.handle, handle, &count, &elements) == 0 else {
            throw interp.currentError(code: 1)
        }
        guard let elements = unsafe elements else { return [] }
        return unsafe UnsafeBufferPointer(start: elements, count: count).map { unsafe TclObject(borrowing: $0) }
    }

    /// The value as an integer; throws Tcl's own words (`expected integer but got "x"`) when it is none.
    public func int(in interp: Interp) throws(TclError) -> Int {
        var value: Int64 = 0
        guard unsafe ctcl_get_wide(interp.handle, handle, &value) == 0 else {
            throw interp.currentError(code: 1)
        }
        return Int(value)
    }

    /// The value as a floating-point number; throws Tcl's own words when it is none.
    public func double(in interp: Interp) throws(TclError) -> Double {
        var value = 0.0
        guard unsafe ctcl_get_double(interp.handle, handle, &value) == 0 else { throw interp.currentError(code: 1) }
        return value
    }

    /// The number of characters, as `string length` counts them.
    public var characterCount: Int {
        if let bytes = pureOctetCount { return bytes }
        return unsafe ctcl_char_count(handle)
    }

    var pureOctetCount: Int? {
        var count = 0
        return unsafe ctcl_pure_bytes(handle, &count) == nil ? nil : count
    }
}
