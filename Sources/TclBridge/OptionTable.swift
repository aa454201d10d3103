/// How a command reads its options; none of these is Tcl's own index lookup.
public enum OptionDialect: Sendable {
    /// Pairs, in order: `missing argument to -x` is found before `unknown option -x`.
    case pairs
    /// The number of words is checked first, then each name.
    case parityFirst
    /// An array of pairs: an odd number is Tcl's list error, unknown names are ignored, the last of a name counts.
    case array
    /// As `array`, with flags (options without value) anywhere among the words.
    case arrayWithFlags
    /// Pairs up to the first word without `-`; an unknown name is `bad option "-x": must be one of ...`.
    case leading
}

/// An option of a command: it converts its value and stores it.
public struct CommandOption<Target>: Sendable {
    /// With its hyphen: `-file`.
    public let name: String
    let isFlag: Bool
    /// No error repeats its value.
    public private(set) var isSecret = false
    let store: @Sendable (inout Target, TclObject, Interp) throws(TclError) -> Void
    let raise: @Sendable (inout Target) -> Void

    /// An option with a value.
    public init(_ name: String, _ store: @escaping @Sendable (inout Target, TclObject, Interp) throws(TclError) -> Void)
    {
        self.name = name
        self.store = store
        raise = { _ in }
        isFlag = false
    }

    /// An option whose value is kept as it is.
    public init(_ name: String, _ path: WritableKeyPath<Target, TclObject?> & Sendable) {
        self.init(name) { target, value, _ in target[keyPath: path] = value }
    }

    /// An option whose value is kept as text.
    public init(_ name: String, text path: WritableKeyPath<Target, String> & Sendable) {
        self.init(name) { target, value, _ in target[keyPath: path] = value.string }
    }

    /// The option, its value being a secret that no error may repeat.
    public var secret: Self {
        var option = self
        option.isSecret = true
        return option
    }

    /// An option without a value.
    public init(flag name: String, _ raise: @escaping @Sendable (inout Target) -> Void) {
        self.name = name
        self.store = { target, _, _ in raise(&target) }
        self.raise = raise
        isFlag = true
    }
}

/// The options of a command as a value: the dialect and what each option does.
public struct OptionTable<Target>: Sendable {
    private let dialect: OptionDialect
    private let options: [String: CommandOption<Target>]

    /// Declares the options.
    public init(_ dialect: OptionDialect, _ options: [CommandOption<Target>]) {
        self.dialect = dialect
        self.options = Dictionary(uniqueKeysWithValues: options.map { ($0.name, $0) })
    }

    /// Reads the words, which stand after `previous`, into the target; throws the dialect's error.
    public func read(
        _ words: some Collection<TclObject>, after previous: TclObject? = nil, into target: inout Target,
        in interp: Interp
    ) throws(TclError) {
        switch dialect {
        case .pairs: try readPairs(Array(words), after: previous, into: &target, interp)
        case .parityFirst: try readParityFirst(Array(words), after: previous, into: &target, interp)
        case .array: try readArray(Array(words), into: &target, interp)
        case .arrayWithFlags: try readArray(takeFlags(Array(words), into: &target), into: &target, interp)
        case .leading: try readLeading(Array(words), into: &target, interp)
        }
    }

    /// The words as an error may repeat them. What follows an option with a secret is left out up to the next option's name:
    /// where there is a word too few or too many nobody knows which of them is the secret. `previous` stands before them: an
    /// option where something else should be.
    public func shown(_ words: [TclObject], after previous: TclObject? = nil) -> [TclObject] {
        var isHiding = previous.map { options[$0.string]?.isSecret == true } ?? false
        var isFirst = isHiding
        return words.map { word in
            let option = options[word.string]
            if isHiding, isFirst || option == nil {
                isFirst = false
                return TclObject("<hidden>")
            }
            isHiding = option?.isSecret == true
            isFirst = isHiding
            return word
        }
    }

    private func readPairs(
        _ words: [TclObject], after previous: TclObject?, into target: inout Target, _ interp: Interp
    ) throws(TclError) {
        func shown(_ at: Int) -> String { self.shown(words, after: previous)[at].string }
        var at = 0
        while at < words.count {
            let name = words[at].string
            guard at + 1 < words.count else { throw TclError("missing argument to \(shown(at))") }
            guard let option = options[name] else { throw TclError("unknown option \(shown(at))") }
            try option.store(&target, words[at + 1], interp)
            at += 2
        }
    }

    private func readParityFirst(
        _ words: [TclObject], after previous: TclObject?, into target: inout Target, _ interp: Interp
    ) throws(TclError) {
        guard words.count.isMultiple(of: 2) else {
            let list = TclObject(list: shown(words, after: previous)).string
            throw TclError("Each option must have a value!  Invalid option list: \(list)")
        }
        try readPairs(words, after: previous, into: &target, interp)
    }

    private func readArray(_ words: [TclObject], into target: inout Target, _ interp: Interp) throws(TclError) {
        guard words.count.isMultiple(of: 2) else {
            throw TclError("list must have an even number of elements", errorCode: ["TCL", "ARGUMENT", "FORMAT"])
        }
        for at in stride(from: 0, to: words.count, by: 2) {
            try options[words[at].string]?.store(&target, words[at + 1], interp)
        }
    }

    private func readLeading(_ words: [TclObject], into target: inout Target, _ interp: Interp) throws(TclError) {
        var rest = words[...]
        while let name = rest.first?.string, name.hasPrefix("-") {
            rest.removeFirst()
            guard let option = options[name] else {
                let known = options.keys.sorted().joined(separator: ", ")
                throw TclError("bad option \"\(name)\": must be one of \(known)")
            }
            try option.store(&target, rest.popFirst() ?? TclObject(""), interp)
        }
    }

    private func takeFlags(_ words: [TclObject], into target: inout Target) -> [TclObject] {
        var rest: [TclObject] = []
        var taken: Set<String> = []
        for word in words {
            if let option = options[word.string], option.isFlag, taken.insert(option.name).inserted {
                option.raise(&target)
            } else {
                rest.append(word)
            }
        }
        return rest
    }
}
