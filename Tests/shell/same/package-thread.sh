cat > s.tcl <<'E'
package require Thread
set t [thread::create]
puts [thread::send $t {package require smtp; package require mime; mime::getbody [mime::initialize -canonical text/plain -string "from a thread"]}]
thread::release $t
E
"$tcl" s.tcl
