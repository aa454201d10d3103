"""What is measured: tclmail, its engine and the peers, each a program that prints `key=value ...`."""
import glob
import os
import shutil
import subprocess

from ..common import CACHE, MAILSH, ROOT, TCLLIB, environment

SOURCES = os.path.join(ROOT, "bench", "drivers")
ENGINE = os.path.join(ROOT, "bench", "engine")
BUILT = os.path.join(CACHE, "bench-drivers")
PYTHON = os.path.join(CACHE, "venv", "bin", "python")
SECONDS = 900


class Failed(Exception):
    """A driver that ended with an error; the text is its last line."""


class Driver:
    """A program that measures one implementation."""

    def __init__(self, *words, **variables):
        self.words = words
        self.variables = variables

    def run(self, *task, **variables):
        """The keys and values that a task prints; numbers where they are some."""
        done = subprocess.run([*self.words, *map(str, task)], env=environment(**self.variables, **variables),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
        if done.returncode:
            raise Failed((done.stderr or done.stdout).strip().split("\n")[-1][:200])
        words = dict(word.split("=", 1) for word in done.stdout.strip().split("\n")[-1].split(" "))
        return {key: number(value) for key, value in words.items()}


def number(text):
    try:
        return float(text)
    except ValueError:
        return text


def libraries(name):
    """The folder of an unpacked peer, of its headers and of its libraries; None if it is not there."""
    folder = os.path.join(CACHE, name, "usr")
    found = glob.glob(os.path.join(folder, "lib", "*-linux-gnu*"))
    return (folder, found[0]) if found else None


def compiled(name, sources, compiler, options):
    """The driver made of C or C++ sources, made anew if they changed; None if that fails."""
    program = os.path.join(BUILT, name)
    sources = [os.path.join(SOURCES, source) for source in sources]
    headers = glob.glob(os.path.join(SOURCES, "*.h"))
    if os.path.exists(program) and all(os.path.getmtime(f) <= os.path.getmtime(program) for f in sources + headers):
        return Driver(program)
    os.makedirs(BUILT, exist_ok=True)
    compiler = next((c for c in compiler if shutil.which(c)), None)
    if not compiler:
        return None
    words = [compiler, "-O2", "-w", "-o", program + ".new", *sources, *options]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        print("  %s: %s" % (name, done.stderr.strip().split("\n")[0]))
        return None
    os.rename(program + ".new", program)
    return Driver(program)


def gmime():
    found = libraries("bench-gmime")
    if not found:
        return None
    folder, lib = found
    headers = ["%s/include/gmime-3.0", "%s/include/glib-2.0", "%s/lib/" + os.path.basename(lib) + "/glib-2.0/include"]
    options = ["-I" + header % root for header in headers for root in (folder, "/usr")]
    # The library files by their names: links for the linker may be missing where a library was installed before.
    options += ["-L" + lib, "-Wl,--disable-new-dtags,-rpath," + lib, "-l:libgmime-3.0.so.0", "-l:libgobject-2.0.so.0",
                "-l:libglib-2.0.so.0"]
    sources = ["gmime.c", "gmime_read.c", "gmime_build.c", "gmime_code.c"]
    return compiled("gmime", sources, ("cc", "gcc", "clang"), options)


def mimetic():
    found = libraries("bench-mimetic")
    if not found:
        return None
    folder, lib = found
    options = ["-fpermissive", "-I" + folder + "/include", "-L" + lib, "-Wl,-rpath," + lib, "-l:libmimetic.so.0"]
    return compiled("mimetic", ["mimetic.cc"], ("c++", "g++", "clang++"), options)


def perl():
    found = libraries("bench-perl")
    if not found or not shutil.which("perl"):
        return None
    folder, lib = found
    path = ":".join([folder + "/share/perl5", *glob.glob(lib + "/perl5/*")])
    return Driver("perl", os.path.join(SOURCES, "perl.pl"), PERL5LIB=path)


def python(implementation, module):
    if not os.path.exists(PYTHON) or subprocess.run([PYTHON, "-c", "import " + module], capture_output=True).returncode:
        return None
    return Driver(PYTHON, "-B", os.path.join(SOURCES, "peers.py"), implementation)


def engine():
    """The engine without Tcl: a package of its own, built here."""
    print("  building bench/engine", flush=True)
    # Without the cached plan, which misses new files of the package that it depends on.
    done = subprocess.run(["swift", "build", "--configuration", "release", "--disable-build-manifest-caching",
                           "--package-path", ENGINE], capture_output=True, text=True)
    if done.returncode:
        print(done.stdout[-2000:] + done.stderr[-2000:])
        raise Failed("bench/engine does not build")
    return Driver(os.path.join(ENGINE, ".build", "release", "mimebench"))


class Drivers:
    """All that can be measured here, by name; says what is missing."""

    def __init__(self):
        tcl = os.path.join(SOURCES, "mime.tcl")
        found = {
            "tclmail": Driver(MAILSH, tcl),
            "Tcllib": Driver("tclsh8.6", tcl, REFERENCE=TCLLIB) if os.path.isdir(TCLLIB) else None,
            "GMime": gmime(), "mimetic": mimetic(), "Email::MIME": perl(),
            "Python": python("email", "email"), "fast_mail_parser": python("fast", "fast_mail_parser"),
            "pybase64": python("pybase64", "pybase64")}
        self.found = {name: driver for name, driver in found.items() if driver}
        for name in found:
            if name not in self.found:
                print("  missing: %s (scripts/setup --bench)" % name)

    def __getitem__(self, name):
        """A driver; None if it is missing. The engine is built when it is asked for first."""
        if name == "engine" and name not in self.found:
            self.found[name] = engine()
        return self.found.get(name)
