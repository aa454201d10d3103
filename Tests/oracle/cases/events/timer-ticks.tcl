# Timers run while a send waits.
set ticks 0
proc tick {} { incr ::ticks; after 5 tick }
tick
send [hello]
after cancel tick
expr {$ticks > 0}
