"""The words that mails are made of, by charset."""

WORDS = {
    "us-ascii": (
        "the quick report on quarterly figures shows that our new team will meet next week please find "
        "attached a draft of agreement for review and let us know whether changes are needed before Friday "
        "many thanks regards project plan server backup invoice number customer order delivery"
    ).split(),
    "iso-8859-1": (
        "café déjà vu naïve façade Größe schön über Straße año niño garçon élève où être Müller Jürgen señor "
        "corazón crème brûlée das Übliche für später"
    ).split(),
    "windows-1252": (
        "“quoted” dash – em—dash it’s café naïve €100 résumé fiancé cliché the and of to in bullet • item"
    ).split(),
    "iso-8859-2": (
        "příliš žluťoučký kůň úpěl ďábelské ódy zażółć gęślą jaźń árvíztűrő tükörfúrógép"
    ).split(),
    "iso-8859-15": (
        "€ cœur œuvre Žižek être garçon déjà où façade und über"
    ).split(),
    "windows-1251": (
        "съешь же ещё этих мягких французских булок да выпей чаю отчёт за квартал проект встреча"
    ).split(),
    "koi8-r": (
        "широкая электрификация южных губерний даст мощный толчок подъёму сельского хозяйства"
    ).split(),
    "iso-2022-jp": (
        "会議 資料 添付 します よろしく お願い いたします 来週 の 予定 について 株式会社 田中"
    ).split(),
    "shift_jis": (
        "見積書 をご 確認 ください 請求書 発送 の 件 カタカナ テスト メール"
    ).split(),
    "euc-jp": (
        "日本語 の メール を 送信 します 東京 大阪 京都"
    ).split(),
    "gb2312": (
        "您好 请 查收 附件 中 的 报告 下周 会议 时间 谢谢 项目 计划"
    ).split(),
    "big5": (
        "您好 請 查收 附件 中 的 報告 下週 會議 時間 謝謝 專案 計畫"
    ).split(),
    "euc-kr": (
        "안녕하세요 회의 자료 첨부 합니다 감사합니다 다음 주 일정 보고서"
    ).split(),
    "utf-8": (
        "Überraschung 🎉 naïve 日本語 текст ελληνικά עברית العربية the and report meeting – “quotes” €50 déjà vu "
        "中文 한국어"
    ).split(),
}

#: Charsets and how many mails in a hundred have them.
CHARSETS = {
    "us-ascii": 34, "utf-8": 30, "iso-8859-1": 9, "windows-1252": 6, "iso-8859-2": 3,
    "iso-8859-15": 2, "windows-1251": 3, "koi8-r": 3, "iso-2022-jp": 3, "shift_jis": 1,
    "euc-jp": 1, "gb2312": 2, "big5": 1, "euc-kr": 2,
}
#: Python's codec where the mails' name has too few characters.
CODECS = {"gb2312": "gb18030"}
FIRST_NAMES = (
    "Anna Ben Carla David Eva Frank Gita Hugo Ines Jonas Klara Luis Mona Nils Olga Pavel Rosa Sven Tina "
    "Uwe"
).split()
LAST_NAMES = (
    "Adams Brown Costa Diaz Evans Fischer Garcia Huang Ito Jones Kim Lopez Meyer Novak Olsen Patel Quinn "
    "Rossi Silva Tanaka"
).split()
DOMAINS = "example.com example.org mail.example.net corp.example dept.uni.example lists.example.org".split()
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
