import COpenSSL

/// A key whose passphrase is "secret".
enum EncryptedKey {
    static let pem = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiyUvKT1stnSgICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEFH1+w1jxt+VcaJocmjPtY8EgZA1
        THhJWP43Cr/5pP1HP3p1KXDgBpJJH8tL/JMbQ/ppJr6j8dwHw853dQ5KHXZOM5EL
        ti+zr+elTunhd1v+7krPNtlIlLI5FNdqGrMjisZQptk1AudAQBtDiLVu2zE3eZS2
        PsjPCh/g6i2BUjnY8wXLiGOJ9xVDzmB56MOvPzWwMB84dylOOm5NAHCCPBEkfAI=
        -----END ENCRYPTED PRIVATE KEY-----

        """
}

/// The name under which a folder has a certificate.
enum SubjectHash {
    static func of(_ pem: [UInt8]) -> String {
        guard let memory = unsafe BIO_new_mem_buf(pem, Int32(pem.count)) else { return "" }
        defer { unsafe BIO_free(memory) }
        guard let certificate = unsafe PEM_read_bio_X509(memory, nil, nil, nil) else { return "" }
        defer { unsafe X509_free(certificate) }
        let digits = String(unsafe X509_NAME_hash_ex(X509_get_subject_name(certificate), nil, nil, nil), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
