# Read by the scripts beside it: where things are, and how they speak.
name=${0##*/}
root=$(cd "$(dirname "$0")/.." && pwd)
cache=${TCLMAIL_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tclmail}
tcl9=$cache/tcl9
venv=$cache/venv

say() { printf '%s: %s\n' "$name" "$*" >&2; }
die() { say "$@"; exit 1; }
usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

# help_asked "$@": prints the head of the script if -h or --help is the first argument.
help_asked() { case ${1-} in -h | --help) usage; exit 0 ;; esac; }
