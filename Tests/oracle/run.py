"""Runs each case on Tcllib 2.0, on Tcllib 1.20 and on ours, and compares; scripts/oracle is the way to call it."""
import argparse
import concurrent.futures
import datetime
import fnmatch
import getpass
import glob
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

from fakeserver import FakeServer

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CACHE = os.environ.get("TCLMAIL_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME", "/tmp"), ".cache"), "tclmail")
PACKAGE = os.path.join(ROOT, "dist", "tclmail")
REFERENCES = {"2.0": "tcllib-2.0/usr/share/tcltk/tcllib2.0", "1.20": "tcllib-1.20/usr/share/tcltk/tcllib1.20"}
HOSTS = {"tclsh8.6": ["tclsh8.6"], "tclsh9.0": [os.path.join(CACHE, "bin", "tclsh9.0")],
         "mailsh": [os.path.join(ROOT, "dist", "bin", "mailsh")]}
# What is compared, and which reference is its judge when a case does not say otherwise.
JUDGES = {"result": "2.0", "errorcode": "2.0", "stdout": "2.0", "stderr": "2.0", "wire": "1.20"}
LIMIT = 60          # seconds for one process
WORDS = {}          # reasons that many cases share: reasons.txt


class Case:
    """A script, what the fake servers answer, and the entries for intended differences."""

    def __init__(self, name, head, script):
        self.name, self.script, self.title = name, script, ""
        self.replies, self.offers = {1: [], 2: []}, {1: [], 2: []}
        self.entries, self.skips, self.hosts = {}, {}, list(HOSTS)
        entry = None
        for line in head:
            key, colon, value = line.partition(":")
            value = value.strip()
            if re.match(r"\s*(\||~|!~)( |$)", line) and entry:
                entry["expected"].append(line.strip())
            elif key in ("reply", "reply2"):
                self.replies[2 if key[-1] == "2" else 1].append(value)
            elif key in ("offer", "offer2"):
                self.offers[2 if key[-1] == "2" else 1] += [x.strip() for x in value.split(",")]
            elif key == "hosts":
                self.hosts = value.split()
            elif key in ("hangs", "crashes"):
                reference, _, reason = value.partition(" -- ")
                self.skips[reference] = (key, WORDS.get(reason, reason))
            elif colon and key in JUDGES:
                judge, _, reason = value.partition(" -- ")
                if judge not in (*REFERENCES, "ours", "any") or not reason:
                    raise SystemExit("%s: %s: JUDGE -- REASON" % (name, line))
                entry = self.entries[key] = {"judge": judge, "reason": WORDS.get(reason, reason), "expected": []}
            else:
                self.title = (self.title + " " + line.strip()).strip()

    def key(self, reference):
        """Changes when the answer of the reference may change."""
        parts = [self.script, str(self.replies), str(self.offers), reference, socket.gethostname(), getpass.getuser()]
        return hashlib.sha256("\0".join(parts).encode() + SOURCES).hexdigest()


def sources():
    """The code that makes an answer."""
    text = b""
    for name in ("driver.tcl", "fakeserver.py", "run.py"):
        with open(os.path.join(HERE, name), "rb") as file:
            text += file.read()
    return text


SOURCES = sources()


def read_cases():
    """GROUP/NAME.tcl is a case, with a head of comments; so is each line `NAME | SCRIPT` of GROUP.rows."""
    with open(os.path.join(HERE, "reasons.txt"), encoding="utf-8") as file:
        for line in file:
            key, _, text = line.strip().partition(" ")
            if key and key != "#":
                WORDS[key] = text.strip()
    cases = []
    for path in sorted(glob.glob(os.path.join(HERE, "cases", "**", "*.tcl"), recursive=True)):
        with open(path, encoding="utf-8") as file:
            text = file.read().split("\n")
        head = []
        while len(head) < len(text) and text[len(head)].startswith("#"):
            head.append(text[len(head)][1:])
        cases.append(Case(os.path.relpath(path, os.path.join(HERE, "cases"))[:-4],
                          [line[1:] if line.startswith(" ") else line for line in head], "\n".join(text)))
    for path in sorted(glob.glob(os.path.join(HERE, "cases", "**", "*.rows"), recursive=True)):
        cases += read_rows(path)
    return cases


def read_rows(path):
    """Lines before the first row are the prelude; an indented line belongs to the row above it."""
    group = os.path.relpath(path, os.path.join(HERE, "cases"))[:-5]
    prelude, rows = [], []
    with open(path, encoding="utf-8") as file:
        for line in file.read().split("\n"):
            row = re.match(r"([a-z0-9][a-z0-9-]*) *\| (.*)$", line)
            if row:
                rows.append((row.group(1), [], row.group(2)))
            elif rows and line.startswith("  "):
                rows[-1][1].append(line[2:])
            elif not rows and not line.startswith("#"):
                prelude.append(line)
    return [Case(group + "/" + name, head, "\n".join(prelude + [script])) for name, head, script in rows]


def run(command, packages, case):
    """One process with fake servers of its own: what came out of it, before normalising."""
    servers = [FakeServer(case.replies[n], case.offers[n]) for n in (1, 2)]
    folder = tempfile.mkdtemp(prefix="oracle")
    with socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))             # bound, but nobody listens: a refused connection
        ports = {"port": servers[0].port, "port2": servers[1].port, "dead": dead.getsockname()[1]}
        script, record = os.path.join(folder, ".case"), os.path.join(folder, ".record")
        with open(script, "w", encoding="utf-8") as file:
            file.write(case.script)
        values = [str(x) for pair in ports.items() for x in pair]
        environment = {k: v for k, v in os.environ.items()
                       if k in ("PATH", "USER", "LOGNAME", "LD_PRELOAD", "ASAN_OPTIONS", "SWIFT_BACKTRACE")}
        environment |= {"HOME": folder, "TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        try:
            ended = subprocess.run([*command, os.path.join(HERE, "driver.tcl"), script, record, packages, *values],
                                   cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                                   timeout=LIMIT)
            out, err, status = ended.stdout, ended.stderr, ended.returncode
        except subprocess.TimeoutExpired as late:
            out, err, status = late.stdout or b"", late.stderr or b"", "no end in %d s" % LIMIT
    for server in servers:
        server.stop()
    built = ""
    answer = {"stdout": out.decode("utf-8", "replace"), "stderr": err.decode("utf-8", "replace"), "errorcode": ""}
    if os.path.exists(record):
        with open(record) as file:
            code, result, errorcode, built = [bytes.fromhex(x).decode("utf-8", "backslashreplace")
                                       for x in file.read().split("\n")[:4]]
        kind = {"0": "ok", "1": "error"}.get(code, "code " + code)
        answer |= {"result": kind + ": " + result, "errorcode": errorcode}
    else:
        answer["result"] = "no end: exit code %s" % status
    answer["wire"] = built + "\n".join(line for n, server in enumerate(servers, 1) if server.sessions
                               for line in ["server %d" % n, *server.transcript()])
    shutil.rmtree(folder, ignore_errors=True)
    return normalised(answer, ports, folder)


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def recent(match):
    """A date of about now becomes DATE; another one stays."""
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    offset = datetime.timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    try:
        when = datetime.datetime(int(year), MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second),
                                 tzinfo=datetime.timezone(offset))
    except ValueError:
        return match.group()
    age = abs((datetime.datetime.now(datetime.timezone.utc) - when).total_seconds())
    return "DATE" if age < 900 else match.group()


def normalised(answer, ports, folder):
    """What differs from run to run is replaced by a name: ports, folder, host, user, ids, boundaries, fresh dates."""
    names = {"mime": {}, "id": {}}
    host = socket.gethostname()

    def numbered(kind, text):
        return "%s%d" % (kind, names.setdefault(kind, {}).setdefault(text, len(names[kind]) + 1))

    def clean(text):
        for name, port in ports.items():
            text = re.sub(r"\b%d\b" % port, name.upper(), text)
        text = text.replace(folder, "DIR")
        text = re.sub(r'"(file|sock)[0-9a-f]+"', r'"\1N"', text)
        text = re.sub(r"<[^<>@\s]*\d+\.\d+[^<>@\s]*@[^<>\s]*>", lambda m: m.group() if ".test" in m.group() else "<ID>", text)
        text = re.sub(r"\w{3}, +(\d+) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([-+])(\d\d)(\d\d)", recent, text)
        text = re.sub(r"\b%s\b" % re.escape(host), "HOST", text)
        text = re.sub(r"\b%s\b" % re.escape(getpass.getuser()), "USER", text)
        return text

    cleaned = {field: clean(text) for field, text in answer.items()}
    boundaries = {}
    for text in cleaned.values():
        for boundary in re.findall(r'boundary="([^"\n]+)"', text) + re.findall(r"^(?:D: )?--(\S.{15,}?)--$", text, re.M):
            boundaries.setdefault(boundary, "BOUNDARY%d" % (len(boundaries) + 1))
    for field, text in cleaned.items():
        for boundary, name in sorted(boundaries.items(), key=lambda x: -len(x[0])):
            if not re.fullmatch(r"[a-z-]{1,20}", boundary):      # one that the case chose stays
                text = text.replace(boundary, name)
        cleaned[field] = text
    cleaned["wire"] = re.sub(r"^(C: MAIL .* SIZE=)\d+", r"\1N", cleaned["wire"], flags=re.M)    # ids differ in length
    return cleaned


def reference(case, name):
    """The answer of a reference, from the cache if neither the case nor the code has changed."""
    if name in case.skips:
        return None
    folder = os.path.join(CACHE, "oracle")
    file = os.path.join(folder, case.key(name))
    if os.path.exists(file):
        with open(file, encoding="utf-8") as stored:
            return json.load(stored)
    answer = run(["tclsh8.6"], "reference {%s}" % os.path.join(CACHE, REFERENCES[name]), case)
    os.makedirs(folder, exist_ok=True)
    with open(file + ".%d" % os.getpid(), "w", encoding="utf-8") as stored:
        json.dump(answer, stored)
    os.rename(file + ".%d" % os.getpid(), file)
    return answer


def same(field, expected, got):
    """Equal; where the reference has no error code, ours may have one."""
    return expected == got or (field == "errorcode" and expected in ("", "NONE"))


def matches(entry, text):
    """Does the text fit an entry `ours`: `|` lines are the whole text, `~` must match, `!~` must not."""
    whole = [line[2:] for line in entry["expected"] if line.startswith("|")]
    if whole and "\n".join(whole) != text.rstrip("\n"):
        return False
    for line in entry["expected"]:
        if line.startswith("~ ") and not re.search(line[2:], text, re.M):
            return False
        if line.startswith("!~ ") and re.search(line[3:], text, re.M):
            return False
    return True


def check_references(case, answers):
    """What is wrong with the case itself: an entry is missing, or one is not needed."""
    wrong = []
    for field, judge in JUDGES.items():
        if field == "errorcode" and "result" in case.entries and field not in case.entries:
            continue
        entry, texts = case.entries.get(field), {n: a[field] for n, a in answers.items() if a}
        if len(texts) == 2 and texts["2.0"] != texts["1.20"] and not entry:
            wrong.append((field, "the references differ, and no entry says why", texts["2.0"], texts["1.20"]))
        if entry and entry["judge"] in texts and len(set(texts.values())) == 1 and len(texts) == 2:
            wrong.append((field, "entry not needed: the references agree", texts["2.0"], ""))
        if entry and entry["judge"] == "ours":
            if not entry["expected"]:
                wrong.append((field, "entry says no expected text", "", ""))
            elif texts.get(judge) is not None and matches(entry, texts[judge]):
                wrong.append((field, "entry not needed: the judge fits", texts[judge], ""))
        if not entry and judge not in texts:
            wrong.append((field, "no judge: the reference %s is left out" % judge, "", ""))
    return wrong


def check_ours(case, answers, got):
    """Where our answer is not the judge's, nor the entry's."""
    wrong = []
    for field, judge in JUDGES.items():
        entry = case.entries.get(field, {"judge": judge})
        if field == "errorcode" and "result" in case.entries and field not in case.entries:
            ruling = case.entries["result"]["judge"]            # an error code goes with its result
            entry = {"judge": "any" if ruling == "ours" else ruling}
        if entry["judge"] == "any":
            continue
        if entry["judge"] == "ours":
            if not matches(entry, got[field]):
                wrong.append((field, "not as the entry says", "\n".join(entry["expected"]), got[field]))
        elif answers.get(entry["judge"]) and not same(field, answers[entry["judge"]][field], got[field]):
            wrong.append((field, "differs from " + entry["judge"], answers[entry["judge"]][field], got[field]))
    return wrong


def difference(expected, got):
    """Both texts, the lines that differ marked."""
    import difflib
    return "\n".join("      " + line for line in difflib.ndiff(expected.split("\n"), got.split("\n")) if line[0] != "?")


def judge(case, hosts):
    """All complaints about one case: (host, field, what, expected, got)."""
    answers = {name: reference(case, name) for name in REFERENCES}
    complaints = [("references", *wrong) for wrong in check_references(case, answers)]
    for host in hosts:
        if host in case.hosts:
            # Tcl 9 finds no Tcllib on Debian 12: the packages that scripts use beside ours come from the reference's.
            more = os.path.join(CACHE, REFERENCES["2.0"]) if host == "tclsh9.0" else ""
            packages = "builtin" if host == "mailsh" else "ours {%s} {%s}" % (PACKAGE, more)
            got = run(HOSTS[host], packages, case)
            complaints += [(host, *wrong) for wrong in check_ours(case, answers, got)]
    return complaints


def list_differences(cases):
    """The rows for COMPATIBILITY.md: a reason, and the cases that show it."""
    reasons = {}
    for case in cases:
        for field, entry in case.entries.items():
            follows = {"ours": "its own way", "any": "not compared"}.get(entry["judge"], "Tcllib " + entry["judge"])
            reasons.setdefault((entry["reason"], follows), []).append(case.name)
        for name, (kind, reason) in case.skips.items():
            reasons.setdefault(("Tcllib %s %s: %s" % (name, kind, reason), "its own way"), []).append(case.name)
    print("| difference | ours follows | shown by |\n|---|---|---|")
    for (reason, follows), names in sorted(reasons.items()):
        names = list(dict.fromkeys(names))
        more = " and %d more" % (len(names) - 3) if len(names) > 3 else ""
        print("| %s | %s | %s%s |" % (reason, follows, ", ".join("`%s`" % n for n in names[:3]), more))


def show(case):
    """The answers of the references, to write a case by."""
    for name in REFERENCES:
        answer = reference(case, name)
        print("== %s on %s" % (case.name, name))
        for field in JUDGES:
            if answer and answer[field]:
                print("  %s:\n%s" % (field, "\n".join("      " + line for line in answer[field].rstrip("\n").split("\n"))))


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/oracle", description="Compares tclmail with Tcllib itself.")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="a name, a group, or a pattern; all without")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for each case")
    parser.add_argument("--host", action="append", choices=list(HOSTS), help="only these shells")
    parser.add_argument("--references", action="store_true", help="only look whether the cases are right themselves")
    parser.add_argument("--list", action="store_true", help="the names of the cases")
    parser.add_argument("--list-differences", action="store_true", help="the rows for COMPATIBILITY.md")
    parser.add_argument("--show", action="store_true", help="what the references answer")
    return parser.parse_args()


def chosen(cases, patterns):
    if not patterns:
        return cases
    found = [c for c in cases if any(fnmatch.fnmatch(c.name, p) or c.name.startswith(p.rstrip("/") + "/") for p in patterns)]
    if not found:
        raise SystemExit("scripts/oracle: no such case")
    return found


def available(wanted):
    """The shells to run ours in; what is missing is an error only if it was asked for."""
    hosts = wanted or list(HOSTS)
    for host in list(hosts):
        needed = [HOSTS[host][0]] + ([] if host == "mailsh" else [os.path.join(
            PACKAGE, "libtcl9tclmail.so" if host == "tclsh9.0" else "libtclmail.so")])
        missing = [x for x in needed if not shutil.which(x) and not os.path.exists(x)]
        if missing:
            print("%s: %s is missing; scripts/build --tcl9 makes it" % (host, missing[0]))
            if wanted:
                raise SystemExit(1)
            hosts.remove(host)
    return hosts


def main():
    options = arguments()
    every = read_cases()
    cases = chosen(every, options.cases)
    if options.list:
        print("\n".join(case.name for case in cases))
        return 0
    if options.list_differences:
        list_differences(cases)
        return 0
    if options.show:
        for case in cases:
            show(case)
        return 0
    missing = [name for name in REFERENCES.values() if not os.path.isdir(os.path.join(CACHE, name))]
    if missing:
        raise SystemExit("scripts/oracle: %s is not in the cache; run scripts/setup --tests" % missing[0])
    hosts = [] if options.references else available(options.host)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for case, complaints in zip(cases, pool.map(lambda c: judge(c, hosts), cases)):
            failed += bool(complaints)
            if options.verbose or complaints:
                print("%s: %s" % ("FAILED" if complaints else "ok", case.name))
            for host, field, what, expected, got in complaints:
                print("  %s: %s: %s\n%s" % (host, field, what, difference(expected, got)))
    print("oracle: %d cases in %s" % (len(cases), ", ".join(hosts) or "the references alone"))
    print("%d passed, %d failed" % (len(cases) - failed, failed))
    return 1 if failed or not (hosts or options.references) else 0


if __name__ == "__main__":
    sys.exit(main())
