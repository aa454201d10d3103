import MIME
import Testing

/// What Tcllib 2.0's `parseaddress` gives for a text, with HOST for the name of the host: for each address
/// address|comment|domain|error|friendly|group|local|memberP|phrase|proper|route.
typealias AddressRow = (text: String, addresses: [String])

/// Rows of ordinary and obsolete forms.
let ordinaryAddressRows: [AddressRow] = [
    ("", []),
    ("a@b", ["a@b||b||a||a|0||a@b|"]),
    ("joe@example.com", ["joe@example.com||example.com||joe||joe|0||joe@example.com|"]),
    ("Joe Smith <joe@x.org>", ["joe@x.org||x.org||Joe Smith||joe|0|Joe Smith|Joe Smith <joe@x.org>|"]),
    ("\"Joe, Smith\" <joe@x.org>", ["joe@x.org||x.org||Joe, Smith||joe|0|\"Joe, Smith\"|\"Joe, Smith\" <joe@x.org>|"]),
    ("joe@x.org (Joe Smith)", ["joe@x.org|(Joe Smith)|x.org||Joe Smith||joe|0||joe@x.org|"]),
    ("(c1) joe (c2) @ (c3) x.org (c4)", ["joe@x.org|(c1) (c2) (c3) (c4)|x.org||c1) (c2) (c3) (c4||joe|0||joe@x.org|"]),
    ("a@b, c@d,, e@f,", ["a@b||b||a||a|0||a@b|", "c@d||d||c||c|0||c@d|", "e@f||f||e||e|0||e@f|"]),
    ("grp: a@b, c@d;", ["a@b||b||a|grp|a|1||a@b|", "c@d||d||c||c|1||c@d|"]),
    ("grp:;", ["|||||grp|||||"]),
    ("grp: ;, x@y", ["|||||grp|||||", "x@y||y||x||x|0||x@y|"]),
    ("a;b", ["|||extraneous-semicolon:;|a|||0|a|a <>|"]),
    (";;a:b:c:d:e", ["|||extraneous-semicolon:;|||||||"]),
    ("a: b: c@d;;", ["|||nested-group:b|b|a|||b|b <>|"]),
    ("<a@b>", ["a@b||b||a||a|0||a@b|"]),
    ("<@r1,@r2:a@b>", ["a@b||b||a||a|0||a@b|@r1,@r2:"]),
    ("@r1:a@b", ["a@b||b||a||a|0||a@b|@r1:"]),
    ("<@r1.x:a@b>", ["a@b||b||a||a|0||a@b|@r1.x:"]),
    ("a.b@c.d", ["a.b@c.d||c.d||a.b||a.b|0||a.b@c.d|"]),
    ("a.b.c", ["a.b.c@HOST||||a.b.c||a.b.c|0||a.b.c@HOST|"]),
    ("a b c", ["|||phrase-instead-of-mailbox:a b cend-of-input|a b c||||a b c|a b c <>|"]),
    ("a b c <d@e>", ["d@e||e||a b c||d|0|a b c|a b c <d@e>|"]),
    ("a. b <c@d>", ["a.b@HOST|||expected-at-sign:<|a.b||a.b|0||a.b@HOST|"]),
    ("\"a b\"@c.d", ["\"a b\"@c.d||c.d||a b||\"a b\"|0||\"a b\"@c.d|"]),
    ("a@[1.2.3.4]", ["a@[1.2.3.4]||[1.2.3.4]||a||a|0||a@[1.2.3.4]|"]),
    ("<a@b> junk", ["a@b||b||a||a|0||a@b|", "junk@HOST||||junk||junk|0||junk@HOST|"]),
    ("<a@b", ["a@b||b|expected-right-bracket:end-of-input|a||a|0||a@b|"]),
    ("a@b@c", ["a%b@c||c||a%b||a%b|0||a%b@c|"]),
    ("a%b@c@d.e", ["a%b%c@d.e||d.e||a%b%c||a%b%c|0||a%b%c@d.e|"]),
    ("a@", ["a@HOST|||expected-sub-domain:end-of-input|a||a|0||a@HOST|"]),
    ("@", ["|||expected-sub-route:end-of-input|||||||@"]),
    ("<", ["|||expected-local-part:end-of-input||||0|||"]),
    (">", ["|||unexpected-start:>|||||||"]),
    (")", ["|||unexpected-start:)|||||||"]),
    ("[x]", ["|||unexpected-start:[x]|||||||"]),
    ("\\ a", ["|||unexpected-start:\\|||||||"]),
    ("a\\ b", ["|||expected-mailbox:\\|a||||a|a <>|"]),
    ("\"unterminated", ["|||unexpected-start:end-of-input during quoted-string|||||||"]),
    ("(unterminated", ["|||unexpected-start:end-of-input during comment|||||||"]),
    ("a@[untermin", ["a@HOST|||expected-sub-domain:end-of-input during domain-literal|a||a|0||a@HOST|"]),
    ("a (b (nested) c) d@e", ["|(b (nested) c)||phrase-instead-of-mailbox:a d@|a d||||a d|a d <>|"]),
    ("a@b (x\\)y)", ["a@b|(x\\)y)|b||x\\)y||a|0||a@b|"]),
    ("/S=Smith/G=Joe/O=x/@y", ["/S=Smith/G=Joe/O=x/@y||y||Joe Smith||/S=Smith/G=Joe/O=x/|0||/S=Smith/G=Joe/O=x/@y|"]),
    (
        "\"/PN=Joe Smith/O=x\"@y",
        ["\"/PN=Joe Smith/O=x\"@y||y||Joe Smith||\"/PN=Joe Smith/O=x\"|0||\"/PN=Joe Smith/O=x\"@y|"]
    ),
    ("/PN=/x@y", ["/PN=/x@y||y||/x||/PN=/x|0||/PN=/x@y|"]),
    ("/S=/G=Joe/@y", ["/S=/G=Joe/@y||y||Joe /G=Joe/||/S=/G=Joe/|0||/S=/G=Joe/@y|"]),
    ("/X=1@y", ["/X=1@y||y||/X=1||/X=1|0||/X=1@y|"]),
    (
        "Joe \"quoted\" Smith <a@b>",
        ["a@b||b||Joe \"quoted\" Smith||a|0|\"Joe \"quoted\" Smith\"|\"Joe \"quoted\" Smith\" <a@b>|"]
    ),
    (
        "\"Joe \"quoted\" Smith\" <a@b>",
        ["a@b||b||Joe \" quoted \" Smith||a|0|\"Joe \" quoted \" Smith\"|\"Joe \" quoted \" Smith\" <a@b>|"]
    ),
    ("<>", ["|||expected-local-part:>||||0|||"]),
    ("x <>", ["|||expected-local-part:>|x|||0|x|x <>|"]),
    ("undisclosed-recipients:;", ["|||||undisclosed-recipients|||||"]),
    ("a@b c@d", ["a@b||b|junk-after-address:c|a||a|0||a@b|"]),
    ("a@b;c@d", ["a@b||b|extraneous-semicolon:;|a||a|0||a@b|"]),
    ("a: <b@c>, \"d\" <e@f>; g@h", ["b@c||c||b|a|b|1||b@c|", "e@f||f||d||e|1|d|d <e@f>|", "g@h||h||g||g|0||g@h|"]),
    ("Jöe Müller <joe@x>", ["joe@x||x||Jöe Müller||joe|0|Jöe Müller|Jöe Müller <joe@x>|"]),
    ("müller@exämple.de", ["müller@exämple.de||exämple.de||müller||müller|0||müller@exämple.de|"]),
    ("a@b(c)", ["a@b|(c)|b||c||a|0||a@b|"]),
    ("a(c)@b", ["a@b|(c)|b||c||a|0||a@b|"]),
    ("(c)a@b", ["a@b|(c)|b||c||a|0||a@b|"]),
    ("\"a\" \"b\" <c@d>", ["c@d||d||a\" \"b||c|0|\"a\" \"b\"|\"a\" \"b\" <c@d>|"]),
]
