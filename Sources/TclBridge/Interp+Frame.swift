extension Interp {
    /// The line of the command that is being run, counted from 1 in its script or procedure, as `errorInfo` counts; nil where Tcl
    /// does not know.
    ///
    /// Tcl finds it by itself only for errors whose stack trace it writes.
    var currentLine: Int? {
        guard !isDeleted, let frame = try? handling({ () throws(TclError) in try currentFrame() }) else { return nil }
        let facts = Dictionary(
            stride(from: 0, to: frame.count - 1, by: 2).map { (frame[$0].string, frame[$0 + 1]) },
            uniquingKeysWith: { $1 })
        // In a procedure of a file `line` counts from the start of the file.
        if facts["type"]?.string == "source", let body = body(of: facts), let command = facts["cmd"],
            let line = Self.line(of: command.utf8, in: body)
        {
            return line
        }
        return facts["line"].flatMap { try? $0.int(in: self) }
    }

    /// What `info frame` tells of the command that is being run; nothing where no script runs.
    private func currentFrame() throws(TclError) -> [TclObject] {
        // In a script, which is a frame of its own: without any Tcl 8.6 reads through a null pointer.
        try evaluate("::info frame -1").list(in: self)
    }

    /// The body of the procedure or lambda term that a frame belongs to, UTF-8.
    private func body(of frame: [String: TclObject]) -> [UInt8]? {
        if let procedure = frame["proc"] {
            return try? handling { () throws(TclError) in
                try call([TclObject("::info"), TclObject("body"), procedure]).utf8
            }
        }
        guard let words = try? frame["lambda"]?.list(in: self), words.count > 1 else { return nil }
        return words[1].utf8
    }

    private static func line(of command: [UInt8], in script: [UInt8]) -> Int? {
        var line = 1
        for start in script.indices {
            if script[start...].starts(with: command) { return line }
            if script[start] == 10 { line += 1 }
        }
        return nil
    }
}
