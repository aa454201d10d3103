/// How a parameter that is not US-ASCII is written.
public enum ParameterEncoding: String, Sendable {
    /// `name*=utf-8''…`, in pieces where it is long: the standard (RFC 2231).
    case rfc2231
    /// `name="=?utf-8?Q?…?="`: encoded-words in a quoted-string, which RFC 2047 §5 forbids and old Outlook reads.
    case rfc2047
    /// Both, the plain name first: each reader finds the form that it knows.
    case both
}
