"""peers.py - measures modules of Python: IMPL TASK ARG...; prints what mime.tcl prints.

IMPL: email, fast (fast_mail_parser) or pybase64
TASK: corpus FOLDER; big FILE; small COUNT; items WHAT FILE; code encode|decode FILE
"""
import glob
import os
import sys
import time

LEAST = float(os.environ.get("LEAST", ".2"))
LIMIT = int(os.environ.get("LIMIT", str(10**9)))


def slurp(name):
    with open(name, "rb") as file:
        return file.read()


def seconds(run):
    """Processor seconds of one run, and what it gives; see mime.tcl."""
    start = time.process_time()
    result = run()
    once = time.process_time() - start
    if once >= 1 or LEAST == 0:
        return once, result
    count = 1 + int(LEAST / max(once, 1e-7))
    start = time.process_time()
    for _ in range(count):
        run()
    return (time.process_time() - start) / count, result


def report(secs, work, **more):
    peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
    words = dict(secs="%.9g" % secs, work=work, **more, peak=peak)
    print(*("%s=%s" % word for word in words.items()))


def parse_email(octets):
    import email
    message = email.message_from_bytes(octets)
    message.items()
    bodies = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    return len(bodies), sum(map(len, bodies))


def parse_fast(octets):
    import fast_mail_parser
    mail = fast_mail_parser.parse_email(octets)
    bodies = [*mail.text_plain, *mail.text_html, *(attachment.content for attachment in mail.attachments)]
    return len(bodies), sum(map(len, bodies))


def corpus(parse, folder):
    mails = [slurp(name) for name in sorted(glob.glob(folder + "/*.eml"))[:LIMIT]]
    secs, counts = seconds(lambda: [parse(mail) for mail in mails])
    report(secs, sum(map(len, mails)), leaves=sum(c[0] for c in counts), decoded=sum(c[1] for c in counts))


def big(parse, name):
    secs, (leaves, octets) = seconds(lambda: parse(slurp(name)))
    report(secs, os.path.getsize(name), leaves=leaves, decoded=octets)


def small_message(text, html, octets):
    from email.mime.application import MIMEApplication
    from email.mime.multipart import MIMEMultipart
    from email.mime.text import MIMEText
    message, both = MIMEMultipart(), MIMEMultipart("alternative")
    message["Subject"], message["From"], message["To"] = "hello", "a@example.com", "b@example.org"
    both.attach(MIMEText(text))
    both.attach(MIMEText(html, "html", "iso-8859-1"))
    part = MIMEApplication(octets)
    part.add_header("Content-Disposition", "attachment", filename="x.bin")
    message.attach(both)
    message.attach(part)
    return len(message.as_bytes())


def small(_, count):
    text = "A line of plain ASCII text that is not too long to need folding.\n" * 20
    html = "<p>A line of HTML text with caf\u00e9 and more, quite a bit longer than the other one was before it.</p>\n" * 20
    octets = bytes([0, 1, 2, 255, 254, 253, 200, 100]) * 1000
    secs, sizes = seconds(lambda: [small_message(text, html, octets) for _ in range(int(count))])
    report(secs, int(count), out=sizes[-1])


def decode_field(text):
    import email.header
    try:
        return "".join(part if isinstance(part, str) else part.decode(charset or "ascii", "replace")
                       for part, charset in email.header.decode_header(text))
    except (LookupError, ValueError):
        return None


def items(_, what, name):
    import email.utils
    decode = {"address": lambda line: email.utils.getaddresses([line]), "date": email.utils.parsedate_to_datetime,
              "word": decode_field, "field": decode_field}[what]
    lines = slurp(name).decode("latin-1").rstrip("\n").split("\n")[:LIMIT]
    secs, _ = seconds(lambda: [decode(line) for line in lines])
    report(secs, len(lines))


def code(_, direction, name):
    """base64 in one block, without line ends."""
    import pybase64
    octets = slurp(name)
    text = pybase64.b64encode(octets)
    if direction == "encode":
        secs, result = seconds(lambda: pybase64.b64encode(octets))
    else:
        secs, result = seconds(lambda: pybase64.b64decode(text, validate=True))
    report(secs, len(octets), out=len(result))


def main():
    implementation, task, *words = sys.argv[1:]
    parse = {"email": parse_email, "fast": parse_fast, "pybase64": None}[implementation]
    {"corpus": corpus, "big": big, "small": small, "items": items, "code": code}[task](parse, *words)


if __name__ == "__main__":
    main()
