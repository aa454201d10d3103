/// A civil time that counts its days one year and one month after another.
struct NaiveDate {
    var year: Int
    var month: Int
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int

    /// Any time, some of them not real.
    init(_ input: inout FuzzInput) {
        year = 1000 + input.number(below: 9000)
        month = 1 + input.number(below: 12)
        day = 1 + input.number(below: 31)
        hour = input.number(below: 24)
        minute = input.number(below: 60)
        second = input.number(below: 61)
    }

    var isReal: Bool { day <= Self.days(month, year) }

    private static func isLeap(_ year: Int) -> Bool { year % 400 == 0 || year % 4 == 0 && year % 100 != 0 }

    private static func days(_ month: Int, _ year: Int) -> Int {
        month == 2 && isLeap(year) ? 29 : [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    var yearDay: Int { (1..<month).reduce(day) { $0 + Self.days($1, year) } }

    private var days: Int {
        let years = year >= 1970 ? 1970..<year : year..<1970
        let count = years.reduce(0) { $0 + (Self.isLeap($1) ? 366 : 365) }
        return (year >= 1970 ? count : -count) + yearDay - 1
    }

    var seconds: Int { days * 86400 + hour * 3600 + minute * 60 + second }

    /// 0 for Sunday; 1970 began with a Thursday.
    var weekday: Int { ((days + 4) % 7 + 7) % 7 }

    var dayName: String {
        ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"][weekday]
    }
    var monthName: String {
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
    }
}

/// Two digits.
func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
/// Four digits.
func four(_ number: Int) -> String { number < 100 ? "00" + two(number) : number < 1000 ? "0\(number)" : "\(number)" }
