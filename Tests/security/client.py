"""A mailsh that sends one mail after the other, and tells all that a script can see of each."""
import base64
import os
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MAILSH = os.path.join(ROOT, "dist", "bin", "mailsh")
SCRIPT = r"""package require mime
package require smtp
proc policy args {
    lappend ::asked $args
    if {$::answer eq "error"} { error "the policy broke" }
    return $::answer
}
interp bgerror {} noted
proc noted {message options} { append ::reported $message \n }
proc tell {key value} { puts "$key [binary encode base64 [encoding convertto utf-8 $value]]" }
while {[gets stdin line] >= 0} {
    lassign [encoding convertfrom utf-8 [binary decode base64 $line]] answer options before
    set asked {}
    set report {}
    set reported ""
    set ::errorInfo ""
    set token [mime::initialize -canonical text/plain -string "the body"]
    if {$answer ne ""} { lappend options -tlspolicy {policy given} }
    set code [catch { eval $before; smtp::sendmessage $token {*}$options -debug 1 -resultvariable report } result more]
    set stack [info errorstack]
    update
    tell reported $reported
    tell code $code
    tell result $result
    tell more $more
    tell info $::errorInfo
    tell stack $stack
    tell report $report
    tell transcript [smtp::transcript]
    foreach call $asked { tell asked [join $call \n] }
    foreach {key path} {status status version {tls version} verification {tls verification} reason {tls reason} subject {tls subject}
            certificate {tls certificate} key {tls key} resumed {tls resumed} mechanism {auth mechanism} user {auth user} ok {auth ok}
            autherror {auth error} tried {auth tried} retryable retryable} {
        if {[dict exists $report {*}$path]} { tell $key [dict get $report {*}$path] }
    }
    mime::finalize $token
    catch { smtp::close -all }
    puts done
    flush stdout
    flush stderr
}
"""


class Answer(dict):
    """What was told; a key that was not is empty. `asked`: each call of -tlspolicy as a list of words."""

    def __missing__(self, key):
        return ""

    @property
    def everything(self):
        return "\n".join([value for key, value in self.items() if key != "asked"] +
                         ["\n".join(words) for words in self["asked"]])


def words(*items):
    """A Tcl list of words in which braces are in pairs."""
    return " ".join("{%s}" % item for item in items)


class Client:
    def __init__(self, **more):
        self.folder = tempfile.TemporaryDirectory()
        script = os.path.join(self.folder.name, "client.tcl")
        with open(script, "w") as file:
            file.write(SCRIPT)
        self.errors = open(os.path.join(self.folder.name, "errors"), "w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen([MAILSH, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True,
                                        env=dict(os.environ, LC_ALL="C.UTF-8", **more))

    def send(self, options, *, policy="", before=""):
        """One mail; `before` is a script that runs before it. What -debug wrote is `debug`."""
        options = {"-originator": "ann@example.com", "-recipients": "bob@example.org", "-timeout": "8s"} | options
        text = words(policy, words(*[word for pair in options.items() for word in pair]), before)
        self.process.stdin.write(base64.b64encode(text.encode()).decode() + "\n")
        self.process.stdin.flush()
        answer = Answer(asked=[])
        for line in self.process.stdout:
            key, _, value = line.rstrip("\n").partition(" ")
            if key == "done":
                break
            value = base64.b64decode(value).decode()
            if key == "asked":
                answer["asked"].append(value.split("\n"))
            else:
                answer[key] = value
        else:
            self.errors.seek(0)
            raise SystemExit("mailsh has ended: %s" % self.errors.read()[-2000:])
        self.errors.seek(0)
        answer["debug"] = self.errors.read()
        self.errors.seek(0)
        self.errors.truncate()
        return answer

    def stop(self):
        self.process.stdin.close()
        self.process.wait(20)
        self.errors.close()
        self.folder.cleanup()
