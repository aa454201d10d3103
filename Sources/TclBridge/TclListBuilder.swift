import CTcl

/// Collects values for one list, without an object of Swift for each.
@safe public struct TclListBuilder: ~Copyable {
    /// Each with a reference that the builder owns.
    private var handles = unsafe [CTclObj]()

    /// A builder of an empty list, with room for `capacity` elements.
    public init(capacity: Int = 0) { unsafe handles.reserveCapacity(capacity) }

    deinit { unsafe handles.forEach { unsafe ctcl_release($0) } }

    /// Appends a value.
    public mutating func append(_ value: TclObject) {
        unsafe value.withHandle { unsafe appendHandle($0) }
    }

    /// Appends a new value of UTF-8 text.
    public mutating func append(utf8: [UInt8]) {
        unsafe appendHandle(TclObject.newHandle(utf8: utf8))
    }

    /// Appends a new value of octets, each a character U+0000 … U+00FF.
    public mutating func append(octets: Span<UInt8>) {
        unsafe appendHandle(TclObject.newHandle(octets: octets))
    }

    /// Appends a new integer value.
    public mutating func append(_ value: Int) {
        unsafe appendHandle(ctcl_new_wide(Int64(value)))
    }

    /// Appends the list that `other` collected, as one element.
    public mutating func append(_ other: borrowing TclListBuilder) {
        unsafe appendHandle(other.newList())
    }

    /// The list.
    public var list: TclObject { unsafe TclObject(borrowing: newList()) }

    private mutating func appendHandle(_ handle: CTclObj) {
        unsafe ctcl_retain(handle)
        unsafe handles.append(handle)
    }

    // SAFETY: Tcl copies the pointers and adds references of its own; the list has none yet.
    private borrowing func newList() -> CTclObj {
        unsafe handles.withUnsafeBufferPointer { unsafe ctcl_new_list($0.count, $0.baseAddress) }
    }
}
