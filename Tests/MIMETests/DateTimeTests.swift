import MIME
import Testing

@Suite("Dates, RFC 5322 §3.3")
struct DateTimeTests {
    @Test(arguments: [
        ("Mon, 06 May 2024 07:08:09 +0200", 1_714_972_089, 120), ("6 May 2024 07:08 GMT", 1_714_979_280, 0),
        ("Mon, 6 May 24 07:08:09 EST", 1_714_997_289, -300), ("06-May-24 07:08:09 GMT", 1_714_979_289, 0),
        ("Monday, 06-May-24 07:08:09 GMT", 1_714_979_289, 0), ("Mon May  6 07:08:09 2024", 1_714_979_289, nil),
        ("Mon May  6 07:08:09 CEST 2024", 1_714_972_089, 120), ("2024-05-06 07:08:09 +0200", 1_714_972_089, 120),
        ("2024-05-06T07:08:09Z", 1_714_979_289, 0), ("2024-05-06T07:08:09.123+02:00", 1_714_972_089, 120),
        ("20240506T070809Z", 1_714_979_289, 0), ("2024-05-06", 1_714_953_600, nil), ("6 May 2024", 1_714_953_600, nil),
        ("Mon, 06 May 2024 07:08:09 -0000", 1_714_979_289, 0), ("Mon, 6 May 2024 07:08:09 X", 1_715_018_889, -660),
        ("Mon, 6 May 2024 07:08:09 XYZ", 1_714_979_289, 0),
        ("Mon (x), 06 (y (z)) May 2024 07:08:09 +0200 (CEST)", 1_714_972_089, 120),
        ("Mon,06 May 2024 07:08:09+0200", 1_714_972_089, 120), ("06 May 2024 07:08:09 GMT+0200", 1_714_972_089, 120),
        ("Thu, 01 Jan 1970 00:00:00 +0000", 0, 0), ("31 Dec 1969 23:59:59 GMT", -1, 0),
        ("1 Jan 99 00:00 GMT", 915_148_800, 0),
        ("1 Jan 49 00:00 GMT", 2_493_072_000, 0), ("Tue, 29 Feb 2000 23:59:60 +0000", 951_868_800, 0),
        ("1 january 100 00:00 GMT", 946_684_800, 0),
    ])
    func `all forms of mail dates are read`(text: String, seconds: Int, zone: Int?) {
        #expect(DateTime.parse(octets(text)) == DateTime.Parsed(secondsSince1970: seconds, zoneMinutes: zone))
    }

    @Test(arguments: [
        ("Mon, 06 May 2024 24:00:00 +0000", 1_715_040_000, 0), ("6. May 2024 07.08.09 +0200", 1_714_972_089, 120),
        ("06/May/2024:07:08:09 +0200", 1_714_972_089, 120), ("May 6, 2024 07:08:09 GMT", 1_714_979_289, 0),
        ("May 6 2024 7:08:09 am", 1_714_979_289, nil), ("6 May 2024 12:08 am GMT", 1_714_954_080, 0),
        ("6 May 2024 7:08:09 PM GMT", 1_715_022_489, 0), ("20240506070809", 1_714_979_289, nil),
        ("202405060708", 1_714_979_280, nil), ("20240506T070809,5Z", 1_714_979_289, 0),
        ("20240506T0708Z", 1_714_979_280, 0),
        ("2024-05-06T07:08:09.123456789Z", 1_714_979_289, 0), ("2024/05/06 07:08:09", 1_714_979_289, nil),
        ("Mon, 6 May 2024 07:08:09 A", 1_714_975_689, 60), ("Mon, 6 May 2024 07:08:09 z", 1_714_979_289, 0),
        ("Mon, 6 May 2024 07:08:09 IST", 1_714_959_489, 330),
        ("Mon, 6 May 2024 07:08:09 CEST +0200", 1_714_972_089, 120),
        ("Mon, 6 May 2024 07:08:09 +02:00", 1_714_972_089, 120), ("Mon, 6 May 2024 07:08:09 +200", 1_714_972_089, 120),
        ("6 May 0024 07:08:09 GMT", 1_714_979_289, 0), ("wednesday, 6 september 2023 00:00 ut", 1_693_958_400, 0),
        ("31 Dec 9999 23:59:59 GMT", 253_402_300_799, 0),
    ])
    func `odd separators, hours of twelve, zones by letter`(text: String, seconds: Int, zone: Int?) {
        #expect(DateTime.parse(octets(text)) == DateTime.Parsed(secondsSince1970: seconds, zoneMinutes: zone))
    }

    @Test(arguments: [
        "13:00 PM", "6 May 2024 13:00 pm", "6 May 2024 0:00 am", "6 May 2024 24:00:01", "6 May 2024 07:08:61",
        "2024-05-06T07:08:09.Z", "999999999999999999999", "99999999", "6 May 10000", "Mon, 6 May 2024 07:08:09 +0260",
        "Mon, 6 May 2024 07:08:09 +", "2024-05", "6 May 2024 07:08:09 +02:60", "septembers 6, 2024",
    ])
    func `what is nearly a date is nil`(text: String) { #expect(DateTime.parse(octets(text)) == nil) }

    @Test(arguments: [
        "", "foo", "31 Feb 2024 00:00 GMT", "Mon, 06 May 2024 25:08:09 +0200", "06 May 2024 07:08:09 +0200 x y", "(",
        "Mon", "+",
        "99999999999999 May 2024", "6 May 99999 00:00", "29 Feb 2023", "1 Jan 2024 00:00 +9999", "now",
        "1 Jan 2024 1:2:3:4",
        "2024-13-01", "0 Jan 2024", "\u{0}", "1 Ja 2024",
    ])
    func `what is no date is nil`(text: String) {
        #expect(DateTime.parse(octets(text)) == nil)
    }

    @Test(arguments: [
        (0, 0, "Thu, 01 Jan 1970 00:00:00 +0000"), (1_714_972_089, 120, "Mon, 06 May 2024 07:08:09 +0200"),
        (1_714_972_089, -330, "Sun, 05 May 2024 23:38:09 -0530"), (951_782_400, 0, "Tue, 29 Feb 2000 00:00:00 +0000"),
        (-1, 0, "Wed, 31 Dec 1969 23:59:59 +0000"),
    ])
    func `dates are written as RFC 5322 wants, and read again`(seconds: Int, zone: Int, text: String) {
        let written = DateTime.rfc5322(seconds: seconds, offsetMinutes: zone)
        #expect(string(written) == text)
        #expect(DateTime.parse(written) == DateTime.Parsed(secondsSince1970: seconds, zoneMinutes: zone))
    }

    @Test func `civil dates agree with the calendar for all days of 800 years`() {
        for day in stride(from: -200_000, through: 100_000, by: 97) {
            let time = DateTime(seconds: day * 86400 + 3661)
            #expect(time.secondsAsUTC == day * 86400 + 3661)
            #expect((time.hour, time.minute, time.second) == (1, 1, 1))
            #expect(time.weekday == ((day + 4) % 7 + 7) % 7)
            #expect(DateTime(year: time.year, month: time.month, day: time.day, hour: 1, minute: 1, second: 1) == time)
        }
        #expect(DateTime(seconds: 1_704_067_200).yearDay == 1)
        #expect(DateTime(seconds: 1_735_603_200).yearDay == 366)
    }

    @Test(arguments: [Int.min, Int.max]) func `any number of seconds is some date`(seconds: Int) {
        #expect((1...9999).contains(DateTime(seconds: seconds, offsetMinutes: seconds).year))
        #expect(!DateTime.rfc5322(seconds: seconds, offsetMinutes: seconds).isEmpty)
    }
}
