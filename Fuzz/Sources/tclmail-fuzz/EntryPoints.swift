import FuzzSupport
import Glibc

/// The target that `TCLMAIL_FUZZ_TARGET` names.
private let target: FuzzTarget = {
    let name = unsafe getenv("TCLMAIL_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = FuzzTarget.named(name) else { fatalError("TCLMAIL_FUZZ_TARGET names no target: \(name)") }
    return target
}()

/// Runs one input of libFuzzer; a wrong answer ends the process.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.run(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
    } catch let violation as Violation {
        fatalError("\(target.name): \(violation.message)")
    } catch {
        fatalError("\(target.name): \(error)")
    }
    return 0
}
