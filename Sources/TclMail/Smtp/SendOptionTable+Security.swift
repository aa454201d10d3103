import Octets
import TLS
import TclBridge
import Transport

/// The options of TLS and of the login.
extension SendOptions {
    static let securing: [Row] = [
        word("-tlsmode", \.tlsMode), flag("-require", \.requiresVerification, "0"), value("-cafile", \.caFile),
        value("-cadir", \.caDirectory), value("-certfile", \.certificateFile), value("-keyfile", \.keyFile),
        value("-servername", \.serverName), value("-cipher", \.ciphers), value("-keylog", \.keyLogFile),
        value("-validatecommand", \.validateCommand), value("-authzid", \.authorizationIdentity),
        value("-realm", \.realm), value("-passwordcommand", \.passwordCommand),
        value("-tokencommand", \.tokenCommand), flag("-insecureauth", \.allowsInsecureLogin, "0"),
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
        row("-scramiterations", "1000000") { options, value, interp throws(TclError) in
            let most = try value.int(in: interp)
            guard (4096...Int(Int32.max)).contains(most) else {
                throw TclError(
                    "bad -scramiterations \(most): must be 4096 to 2147483647",
                    errorCode: ["SMTP", "OPTION", "-scramiterations"])
            }
            options.mostIterations = most
        },
    ]

    private static func isMechanismOctet(_ octet: UInt8) -> Bool {
        octet.isAlpha || octet.isDigit || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "_")
    }
}
