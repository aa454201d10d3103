import MIME
import Submission
import TclBridge
import Transport

/// Measures messages, a slice at a time, while other events run.
final class Measuring {
    private var waiting: ArraySlice<MessageMeasure>
    private var measured: [MeasuredMessage] = []
    private var timer: TclTimer?
    private var completion: ((Result<[MeasuredMessage], TclError>) -> Void)?

    init(_ measures: [MessageMeasure]) { waiting = measures[...] }

    /// Begins; small messages are done when this returns.
    func start(_ completion: @escaping (Result<[MeasuredMessage], TclError>) -> Void) {
        self.completion = completion
        goOn()
    }

    /// Nothing more happens.
    func cancel() {
        timer?.cancel()
        timer = nil
        completion = nil
        (waiting, measured) = ([], [])
    }

    private func goOn() {
        timer = nil
        let end = SystemClock.monotonic() + EventTurn.longestWithoutEvents
        do throws(TclError) {
            while let measure = waiting.first {
                if let message = try Wording.translating({ try measure.step() }) {
                    measured.append(message)
                    // A file system that is a script may have cancelled this.
                    _ = waiting.popFirst()
                } else if SystemClock.monotonic() > end {
                    timer = TclTimer(milliseconds: 0) { [weak self] in self?.goOn() }
                    return
                }
            }
            complete(.success(measured))
        } catch {
            complete(.failure(error))
        }
    }

    private func complete(_ outcome: Result<[MeasuredMessage], TclError>) {
        let call = completion
        cancel()
        call?(outcome)
    }
}
