/// Zones by name (RFC 5322 §4.3 and what mailers write), as Tcl's `clock scan` knows them.
enum DateZones {
    /// Minutes east of UTC of the zone that the present word names; 0 for a name that is not known (RFC 5322 §4.3).
    static func minutes(_ lexer: DateLexer) -> Int {
        names.first { lexer.isWord($0.word) }?.minutes ?? 0
    }

    private static let names = table.map { (word: DateWord($0.0), minutes: $0.1) }

    // TCLLIB: military letters count as the military uses them, not as RFC 822 got them wrong.
    private static let table = [
        ("gmt", 0), ("ut", 0), ("utc", 0), ("uct", 0), ("bst", 60), ("wet", 0), ("west", 60), ("wat", -60),
        ("at", -120), ("nft", -210), ("nst", -210), ("ndt", -150), ("ast", -240), ("adt", -180), ("est", -300),
        ("edt", -240), ("cst", -360), ("cdt", -300), ("mst", -420), ("mdt", -360), ("pst", -480), ("pdt", -420),
        ("yst", -540), ("ydt", -480), ("akst", -540), ("akdt", -480), ("hst", -600), ("hdt", -540), ("cat", -600),
        ("ahst", -600), ("nt", -660), ("idlw", -720), ("cet", 60), ("cest", 120), ("met", 60), ("mewt", 60),
        ("mest", 120), ("mesz", 120), ("mez", 60), ("swt", 60), ("sst", 120), ("fwt", 60), ("fst", 120),
        ("eet", 120), ("eest", 180), ("msk", 180), ("msd", 240), ("bt", 180), ("it", 210), ("ist", 330),
        ("wast", 420), ("wadt", 480), ("jt", 450), ("cct", 480), ("hkt", 480), ("sgt", 480), ("jst", 540),
        ("kst", 540), ("cast", 570), ("jdt", 600), ("kdt", 600), ("cadt", 630), ("east", 600), ("eadt", 660),
        ("aest", 600), ("aedt", 660), ("acst", 570), ("acdt", 630), ("awst", 480), ("gst", 600), ("nzt", 720),
        ("nzst", 720), ("nzdt", 780), ("idle", 720), ("brt", -180), ("art", -180), ("a", 60), ("b", 120), ("c", 180),
        ("d", 240), ("e", 300), ("f", 360), ("g", 420), ("h", 480), ("i", 540), ("k", 600), ("l", 660), ("m", 720),
        ("n", -60), ("o", -120), ("p", -180), ("q", -240), ("r", -300), ("s", -360), ("t", -420), ("u", -480),
        ("v", -540), ("w", -600), ("x", -660), ("y", -720), ("z", 0),
    ]
}
