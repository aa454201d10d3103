# fingerprint MAIL: a checksum of all octets of a mail with CRLF, but of its fields From and Bcc, which a send may add.
proc fingerprint {mail} {
    set end [string first \r\n\r\n $mail]
    set fields [regsub -all -line {^(From|Bcc):.*\n} [string range $mail 0 $end+1] {}]
    return [zlib crc32 [string range $mail $end+2 end] [zlib crc32 $fields]]
}
