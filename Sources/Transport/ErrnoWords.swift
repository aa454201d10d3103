import Glibc

/// The symbol and the words of an `errno` value, as Tcl writes them.
struct ErrnoWords {
    let name: String
    let text: String

    init(_ number: Int32) {
        if let known = Self.known[number] {
            (name, text) = known
        } else {
            name = "E\(number)"
            text = unsafe String(cString: strerror(number)).lowercased()
        }
    }

    private static let known: [Int32: (String, String)] = [
        EACCES: ("EACCES", "permission denied"),
        EADDRINUSE: ("EADDRINUSE", "address already in use"),
        EADDRNOTAVAIL: ("EADDRNOTAVAIL", "can't assign requested address"),
        EAFNOSUPPORT: ("EAFNOSUPPORT", "address family not supported by protocol family"),
        EAGAIN: ("EAGAIN", "resource temporarily unavailable"),
        EBADF: ("EBADF", "bad file number"),
        ECONNABORTED: ("ECONNABORTED", "software caused connection abort"),
        ECONNREFUSED: ("ECONNREFUSED", "connection refused"),
        ECONNRESET: ("ECONNRESET", "connection reset by peer"),
        EDQUOT: ("EDQUOT", "disk quota exceeded"),
        EEXIST: ("EEXIST", "file already exists"),
        EFBIG: ("EFBIG", "file too large"),
        EHOSTDOWN: ("EHOSTDOWN", "host is down"),
        EHOSTUNREACH: ("EHOSTUNREACH", "host is unreachable"),
        EINVAL: ("EINVAL", "invalid argument"),
        EIO: ("EIO", "I/O error"),
        EISDIR: ("EISDIR", "illegal operation on a directory"),
        ELOOP: ("ELOOP", "too many levels of symbolic links"),
        EMFILE: ("EMFILE", "too many open files"),
        ENAMETOOLONG: ("ENAMETOOLONG", "file name too long"),
        ENETDOWN: ("ENETDOWN", "network is down"),
        ENETRESET: ("ENETRESET", "network dropped connection on reset"),
        ENETUNREACH: ("ENETUNREACH", "network is unreachable"),
        ENFILE: ("ENFILE", "file table overflow"),
        ENOBUFS: ("ENOBUFS", "no buffer space available"),
        ENOENT: ("ENOENT", "no such file or directory"),
        ENOMEM: ("ENOMEM", "not enough memory"),
        ENOSPC: ("ENOSPC", "no space left on device"),
        ENOTCONN: ("ENOTCONN", "socket is not connected"),
        ENOTDIR: ("ENOTDIR", "not a directory"),
        EPERM: ("EPERM", "not owner"),
        EPIPE: ("EPIPE", "broken pipe"),
        EROFS: ("EROFS", "read-only file system"),
        ESPIPE: ("ESPIPE", "invalid seek"),
        ETIMEDOUT: ("ETIMEDOUT", "connection timed out"),
    ]
}
