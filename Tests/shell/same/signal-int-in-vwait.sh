cat > run.py <<'E'
import os, signal, subprocess, sys
p = subprocess.Popen([os.environ["tcl"], "s.tcl"], stdout=subprocess.PIPE,
                     preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
p.stdout.readline()
p.send_signal(signal.SIGINT)
print(p.wait())
E
printf 'puts ready; flush stdout; vwait forever\n' > s.tcl
python3 run.py
