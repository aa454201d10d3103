import Crypto

/// `Crypto` with the errors of this module.
enum Hashing {
    static func hash(_ digest: Digest, _ octets: borrowing [UInt8]) throws(SASLError) -> [UInt8] {
        do throws(CryptoError) { return try digest.hash(octets) } catch { throw SASLError(.unavailable, error.text) }
    }

    static func authenticationCode(
        _ digest: Digest, of octets: borrowing [UInt8], key: borrowing [UInt8]
    ) throws(SASLError) -> [UInt8] {
        do throws(CryptoError) { return try digest.authenticationCode(of: octets, key: key) } catch {
            throw SASLError(.unavailable, error.text)
        }
    }

    static func derivedKey(
        _ digest: Digest, password: borrowing [UInt8], salt: borrowing [UInt8], iterations: Int
    ) throws(SASLError) -> [UInt8] {
        do throws(CryptoError) {
            return try digest.derivedKey(password: password, salt: salt, iterations: iterations)
        } catch {
            throw SASLError(.unavailable, error.text)
        }
    }

    static func random(_ count: Int) throws(SASLError) -> [UInt8] {
        do throws(CryptoError) { return try Random.octets(count) } catch { throw SASLError(.unavailable, error.text) }
    }
}
