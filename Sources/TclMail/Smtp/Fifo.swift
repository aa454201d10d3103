/// A queue that takes no more memory than twice what waits in it.
struct Fifo<Element> {
    private var items: [Element?] = []
    private var start = 0

    var count: Int { items.count - start }
    var isEmpty: Bool { start == items.count }

    mutating func append(_ element: Element) { items.append(element) }

    /// The one that has waited longest.
    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let first = items[start]
        items[start] = nil
        start += 1
        if start * 2 >= items.count {
            items.removeFirst(start)
            start = 0
        }
        return first
    }
}
