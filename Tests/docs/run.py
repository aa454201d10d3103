#!/usr/bin/env python3
"""Checks the documents: what they quote runs, what they name is there.

The articles of Sources/MIME/MIME.docc quote the functions of examples/swift-mime, which is built and run, and whose output is
compared with its expected.txt. A Tcl example of README.md and docs/ that a block of text follows is run in mailsh and prints that text.
"""

import os
import pathlib
import re
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples/swift-mime"
ARTICLES = sorted((ROOT / "Sources/MIME/MIME.docc").glob("*.md"))


def blocks(path, language):
    """The code blocks of a document in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text(), re.M | re.S)


def example_output():
    """The example prints what expected.txt has."""
    built = subprocess.run(
        ["swift", "run", "--package-path", str(EXAMPLE)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    if built.returncode != 0:
        return [built.stdout.decode()[-3000:] + built.stderr.decode()[-3000:]]
    expected = (EXAMPLE / "expected.txt").read_bytes()
    return [] if built.stdout == expected else ["expected.txt differs from:\n" + built.stdout.decode()]


def quotes():
    """Each Swift block of an article stands in the example, each block of text in its output."""
    code = "\n".join(textwrap.dedent(file.read_text()) for file in sorted(EXAMPLE.glob("Sources/*/*.swift")))
    output = (EXAMPLE / "expected.txt").read_text().replace("\r", "")
    faults = []
    for article in ARTICLES:
        for language, source in (("swift", code), ("text", output)):
            for block in blocks(article, language):
                if textwrap.dedent(block) not in source:
                    faults.append(f"{article.name} quotes what is not in the example:\n{block}")
    if not any(blocks(article, "swift") for article in ARTICLES):
        faults.append("no article quotes anything")
    return faults


def standards():
    """Each test that RFCs.md names is there, and each type or function is in the sources."""
    sources = "\n".join(file.read_text() for file in sorted((ROOT / "Sources").glob("*/**/*.swift")))
    text = (ROOT / "RFCs.md").read_text()
    faults = []
    folder = ""
    for name in re.findall(r"`([^`\n]+)`", text):
        match = re.match(r"[\w/.-]+", name)
        if "/" in name and re.match(r"(Tests/)?(\w+Tests|corpus|oracle|tcl)/", name):
            name = name.removeprefix("Tests/")
            folder = name.rsplit("/", 1)[0]
            if not any((ROOT / "Tests" / (name + end)).exists() for end in ("", ".swift")):
                faults.append(f"RFCs.md names {name}, which is not in Tests")
        elif re.fullmatch(r"\w+Tests|Address\w*Rows", name):
            if not any((ROOT / "Tests" / place).exists() for place in (name, f"{folder}/{name}.swift")):
                faults.append(f"RFCs.md names {name}, which is not in Tests/{folder}")
        elif match and "/" not in name and re.match(r"[A-Z][a-z]|\w+\.\w", name):
            for word in re.findall(r"[A-Za-z]\w+", re.split(r"[(+ ]", name)[0]):
                if not re.search(rf"\b{word}\b", sources):
                    faults.append(f"RFCs.md names {word}, which is not in Sources")
    return faults


def security():
    """Each test that SECURITY.md names is there, and so is each of its rows."""
    faults = []
    for name, titles in re.findall(r"`(Tests/[\w./-]+)`((?:,? “[^”]+”)*)", (ROOT / "SECURITY.md").read_text()):
        path = ROOT / name
        if not path.exists():
            faults.append(f"SECURITY.md names {name}, which is not there")
            continue
        for title in re.findall("“([^”]+)”", titles):
            text = path.read_text()
            if title not in text and title.replace(" ", "_") not in text:
                faults.append(f"SECURITY.md names “{title}”, which is not in {name}")
    return faults


def scripts():
    """Each Tcl example of README.md and docs/ that prints something prints it."""
    readme = ROOT / "README.md"
    pairs = [
        (file.name, *pair) for file in [readme, *sorted((ROOT / "docs").glob("*.md"))]
        for pair in re.findall(r"^```tcl\n((?:(?!```).*\n)*)```\n+```text\n((?:(?!```).*\n)*)```$", file.read_text(), re.M)
    ]
    faults = [] if pairs else ["README.md has no Tcl example with its output"]
    for name, script, expected in pairs:
        run = subprocess.run(
            [str(ROOT / "dist/bin/mailsh")], input=script.encode(), env=os.environ | {"LC_ALL": "C.UTF-8"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        if run.stdout.decode() != expected:
            faults.append(f"{name}: the script\n{script}prints\n{run.stdout.decode()}")
    return faults


def main():
    passed = failed = 0
    for check in (quotes, standards, security, scripts, example_output):
        faults = check()
        for fault in faults:
            print(f"--- {check.__name__}: {fault}")
        passed, failed = passed + (not faults), failed + bool(faults)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
