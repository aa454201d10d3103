import Octets
import SASL
import TLS
import TclBridge
import Transport

/// The options of TLS and of the login.
extension SendOptions {
    static let securing: [Row] = [
        word("-tlsmode", \.tlsMode), choice("-require", \.requiresVerification, "0"), value("-cafile", \.caFile),
        value("-cadir", \.caDirectory), value("-certfile", \.certificateFile), value("-keyfile", \.keyFile),
        value("-servername", \.serverName), value("-cipher", \.ciphers), value("-keylog", \.keyLogFile),
        prefix("-validatecommand", \.validateCommand), value("-authzid", \.authorizationIdentity),
        value("-realm", \.realm), prefix("-passwordcommand", \.passwordCommand),
        prefix("-tokencommand", \.tokenCommand), flag("-insecureauth", \.allowsInsecureLogin, "0"),
        row("-tlsmin", "1.2") { options, value, _ throws(TclError) in
            guard let version = TLSVersion(rawValue: value.string) else {
                throw badWord(value, "-tlsmin", TLSVersion.allCases.map(\.rawValue))
            }
            options.minimumTLS = version
        },
        row("-fingerprint") { options, value, interp throws(TclError) in
            options.pins = try value.list(in: interp).map { word throws(TclError) in
                do throws(TLSError) { return try CertificatePin(word.string) } catch {
                    throw TclError("bad -fingerprint: \(error.text)", errorCode: ["SMTP", "OPTION", "-fingerprint"])
                }
            }
        },
        row("-mechanisms") { options, value, interp throws(TclError) in
            options.mechanisms = try value.list(in: interp).map { word throws(TclError) in
                let name = word.string.uppercased()
                // RFC 4422 §3.1
                let isName = (1...20).contains(name.utf8.count) && name.utf8.allSatisfy(isMechanismOctet)
                guard isName else {
                    throw TclError(
                        "bad -mechanisms \"\(word.string)\": no name of a SASL mechanism",
                        errorCode: ["SMTP", "OPTION", "-mechanisms"])
                }
                return name
            }
        },
        row("-scramiterations", "4096 1000000") { options, value, interp throws(TclError) in
            let numbers = try value.list(in: interp).map { word throws(TclError) in try word.int(in: interp) }
            let usual = ClientContext().iterations.lowerBound
            let (least, most) = numbers.count == 2 ? (numbers[0], numbers[1]) : (usual, numbers.first ?? 0)
            guard numbers.count <= 2, 1 <= least, least <= most, most <= Int(Int32.max) else {
                throw TclError(
                    "bad -scramiterations \"\(value.string)\": must be {least most}, or the most, at least \(usual)",
                    errorCode: ["SMTP", "OPTION", "-scramiterations"])
            }
            options.iterations = least...most
        },
    ]

    private static func isMechanismOctet(_ octet: UInt8) -> Bool {
        octet.isAlpha || octet.isDigit || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "_")
    }
}
