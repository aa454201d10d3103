# SIGTERM ends a script by the signal. sh itself tells of the end only when it comes after wait was called.
printf 'puts ready; flush stdout; after 20000; puts never\n' > s.tcl
"$tcl" s.tcl > out & pid=$!
until grep -qs ready out; do sleep 0.05; done
kill -TERM $pid; wait $pid 2>/dev/null; echo "exit code $?"
