import Glibc

/// The octets of a file; the program ends if it cannot be read.
func slurp(_ name: String) -> [UInt8] {
    guard let file = fopen(name, "rb") else { fatalError("cannot read \(name)") }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let size = ftell(file)
    rewind(file)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = fread(buffer.baseAddress, 1, size, file)
    }
}

/// The mails of a folder.
func folder(_ name: String) -> [[UInt8]] {
    guard let directory = opendir(name) else { fatalError("cannot read \(name)") }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let file = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if file.hasSuffix(".eml") { names.append(file) }
    }
    return names.sorted().map { slurp("\(name)/\($0)") }
}

/// Processor seconds so far.
private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Processor seconds of one run; see mime.tcl.
func seconds(_ run: () throws -> Void) rethrows -> Double {
    let least = getenv("LEAST").map { atof($0) } ?? 0.2
    var start = now()
    try run()
    let once = now() - start
    if once >= 1 || least == 0 { return once }
    let count = 1 + Int(least / max(once, 1e-7))
    start = now()
    for _ in 0..<count { try run() }
    return (now() - start) / Double(count)
}

/// Prints a figure.
func report(secs: Double, work: Int, counts: Counts) {
    print("secs=\(secs) work=\(work) leaves=\(counts.leaves) decoded=\(counts.octets)")
}
