import MIME
import Octets
import SMTP
import Submission
import TclBridge
import Transport

/// The engines' facts in the words that scripts know from Tcllib.
enum Wording {
    /// Runs a call of the engine; its error becomes Tcl's.
    static func translating<Value>(_ body: () throws -> Value) throws(TclError) -> Value {
        do {
            return try body()
        } catch let error as MIMEError {
            throw Wording.error(error)
        } catch {
            throw TclError("\(error)")
        }
    }

    static func error(_ error: MIMEError) -> TclError {
        if let source = error.source { return TclError(source.message, errorCode: source.errorCode) }
        let words = ["MIME", "SYNTAX", error.code.rawValue, String(error.offset)]
        return TclError(text(error), errorCode: words)
    }

    private static func text(_ error: MIMEError) -> String {
        let found = TclError.visible(error.detail)
        switch error.code {
        case .expectedType: return "expecting type (found \(found))"
        case .expectedTypeAndSubtype: return "expecting type/subtype (found \(found))"
        case .expectedSlash: return "expecting \"/\" (found \(found))"
        case .expectedSubtype: return "expecting subtype (found \(found))"
        case .expectedSemicolon: return "expecting \";\" (found \(found))"
        case .expectedAttribute: return "expecting attribute (found \(found))"
        case .expectedEquals: return "expecting \"=\" (found \(found))"
        case .expectedValue: return "expecting value (found \(found))"
        case .fieldTooLong: return limit("header field", error, "octets", "-maxfield")
        case .headerTooLong: return limit("header section", error, "octets", "-maxheader")
        case .tooManyParameters: return limit("Content-Type", error, "parameters", "-maxparams")
        case .needsEightBit: return "the server takes no 8-bit octets, and a \(found) part cannot be sent without"
        case .notALeaf: return "MIME part isn't a leaf"
        case .unknownTransferEncoding: return "Can't handle content encoding \"\(found)\""
        default: return "\(error.code.rawValue): \(found)"
        }
    }

    private static func limit(_ place: String, _ error: MIMEError, _ unit: String, _ option: String) -> String {
        "\(place) at octet \(error.offset) has more than \(error.limit ?? 0) \(unit) (\(option) sets the limit)"
    }

    /// A defect where the script wants none, as the reference words it where it has words.
    static func error(_ defect: Defect, in type: ContentType, isFile: Bool) -> TclError {
        TclError(
            text(defect, in: TclError.visible(type.type), end: isFile ? "end-of-file" : "end-of-string"),
            errorCode: ["MIME", "DEFECT", defect.code.rawValue, String(defect.offset)])
    }

    private static func text(_ defect: Defect, in type: String, end: String) -> String {
        switch defect.code {
        case .improperHeaderLine: return "improper line in header: \(defect.detail)"
        case .multipleContentTypes: return "multiple Content-Type fields starting with \(defect.detail)"
        case .multipleTransferEncodings:
            return "multiple Content-Transfer-Encoding fields starting with \(defect.detail)"
        case .invalidContentType: return contentType(Array(defect.detail.utf8))
        case .missingBoundary: return "boundary parameter is missing in \(type)"
        case .emptyBoundary: return "boundary parameter is empty in \(type)"
        case .missingDelimiter, .missingCloseDelimiter: return "\(end) encountered while parsing \(type)"
        case .nestingTooDeep:
            return "part at octet \(defect.offset) is more than \(defect.detail) levels deep (-maxdepth sets the limit)"
        case .tooManyParts:
            return "message has more than \(defect.detail) parts at octet \(defect.offset) (-maxparts sets the limit)"
        default:
            let words = String(defect.code.rawValue.map { $0 == "-" ? " " : $0 })
            return "\(words) at octet \(defect.offset)\(defect.detail.isEmpty ? "" : ": \(defect.detail)")"
        }
    }

    /// What the reference says of a Content-Type that it cannot read, before it passes over the field.
    private static func contentType(_ value: [UInt8]) -> String {
        do {
            _ = try ContentType(parsing: value, limit: .max)
            return "invalid content type: \(TclError.visible(value))"
        } catch {
            return text(error)
        }
    }

    // MARK: Submission

    static func error(_ error: SubmissionError) -> TclError {
        switch error {
        case .tooManyMailboxes(let source, let text):
            return address("too many mailboxes in \(source): \(String(decoding: text, as: UTF8.self))")
        case .badAddress(let source, let fault): return address("error in \(source): \(Wording.text(fault))")
        case .noAddress(let source): return address("error in \(source): no address")
        case .missingField(let name): return address("need -header \"\(name) ...\"")
        case .noRecipients(let source): return address("no recipients in \(source)")
        case .badOctet(let source, let offset):
            return address(
                "error in \(source): the address has a control character or an unquoted < or > (octet \(offset))")
        }
    }

    private static func address(_ text: String) -> TclError { TclError(text, errorCode: ["SMTP", "ADDRESS"]) }

    /// What is wrong with an address.
    static func text(_ error: AddressError) -> String {
        let found = String(decoding: error.found, as: UTF8.self)
        switch error.kind {
        case .extraneousSemicolon: return "extraneous semi-colon"
        case .unexpectedStart: return "unexpected character at beginning (found \(found))"
        case .expectedMailbox: return "expecting mailbox (found \(found))"
        case .expectedAtSign: return "expecting at-sign after local-part (found \(found))"
        case .expectedRightBracket: return "expecting right-bracket (found \(found))"
        case .expectedSubRoute: return "expecting sub-route in route-part (found \(found))"
        case .expectedAtSignInRoute: return "expecting at-sign in route (found \(found))"
        case .expectedColon: return "expecting colon to terminate route (found \(found))"
        case .expectedSubDomain: return "expecting sub-domain in domain-part (found \(found))"
        case .expectedLocalPart: return "expecting mailbox in local-part (found \(found))"
        case .phraseInsteadOfMailbox: return "found phrase instead of mailbox (\(found))"
        case .nestedGroup: return "nested groups not allowed (found \(found))"
        case .junkAfterAddress: return "junk after local@domain (found \(found))"
        }
    }

    // MARK: SMTP

    /// A server could not be reached.
    static func connectError(_ error: TransportError) -> TclError {
        connectError("couldn't open socket: \(error.text)")
    }

    static func connectError(_ text: String) -> TclError { TclError(text, errorCode: code(.connect, nil)) }

    /// The session ended before a mail could be offered; `login` says what became of the login, that end included.
    static func sessionError(_ error: SMTPError, login: String) -> TclError {
        let isLogin = error.stage == .auth && !login.isEmpty
        return TclError(isLogin ? login : error.text, errorCode: code(error.stage, error.reply))
    }

    /// None of the servers took part: what each said.
    static func noServer(_ failures: [(server: Endpoint, error: TclError)]) -> TclError {
        guard let first = failures.first else {
            return connectError("no server in -servers")
        }
        var error = first.error
        if failures.count == 1 {
            error.addContext("\(first.server.host) port \(first.server.portText)")
            return error
        }
        error.message = failures.map { "\($0.server.host) port \($0.server.portText): \($0.error.message)" }
            .joined(separator: "; ")
        return error
    }

    /// MAIL, DATA or the final dot was refused: return code 7 and the list that scripts take apart.
    ///
    /// Nobody being logged in may be the reason: why that is so stands after the reply's further lines.
    static func refusal(_ stage: Stage, _ reply: Reply, login: String = "") -> TclError {
        let more = TclObject(
            list: reply.moreLines.map { TclObject(octets: $0) } + (login.isEmpty ? [] : [TclObject(login)]))
        return refusal(TclObject(octets: reply.diagnostic), more, reply.code, code(stage, reply))
    }

    /// The connection was lost while a mail was under way; the reference's list has code 400 for it.
    static func lost(_ error: SMTPError, login: String = "") -> TclError {
        if let reply = error.reply, reply.isRefusal { return refusal(error.stage, reply, login: login) }
        let more = TclObject(list: login.isEmpty ? [] : [TclObject(login)])
        return refusal(TclObject(error.text), more, 400, code(error.stage, nil))
    }

    private static func refusal(_ diagnostic: TclObject, _ more: TclObject, _ code: Int, _ words: [String]) -> TclError
    {
        let list = TclObject(list: [
            TclObject("diagnostic"), diagnostic, TclObject("args"), more, TclObject("code"), TclObject(code),
        ])
        return TclError(list.string, errorCode: words, returnCode: 7)
    }

    static func code(_ stage: Stage, _ reply: Reply?) -> [String] {
        ["SMTP", stage.rawValue.uppercased(), String(reply?.code ?? 400), reply?.enhanced?.description ?? ""]
    }
}
