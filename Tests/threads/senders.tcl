# Eight threads, each with many interpreters that send, wait and are deleted in the midst of a send: NUMBER a thread. Prints how many
# went well, each over TLS with a login; for a tclsh with the Thread package, under the thread sanitizer.
package require Thread
package require smtp
set sink [smtp::sink start -keep 0 -tls starttls -users {user correct-horse-7}]
set port [smtp::sink port]
set file [file tempfile authority]
puts -nonewline $file [smtp::sink certificate]
close $file
set n [lindex $argv 0]
set path $auto_path
for {set i 0} {$i < 8} {incr i} {
    lappend threads [thread::create -joinable [string map [list %PORT $port %N $n %PATH $path %CA $authority] {
        set auto_path [list %PATH]
        for {set k 0} {$k < %N} {incr k} {
            interp create w
            w eval [list set auto_path $auto_path]
            set code [catch { w eval {
                package require smtp
                set t [mime::initialize -canonical text/plain -string "hello"]
                set base {-servers 127.0.0.1 -ports %PORT -originator a@example.com -recipients b@example.org
                    -tlsmode starttls -cafile %CA -username user -password correct-horse-7}
                smtp::sendmessage $t {*}$base
                foreach i {1 2 3} { lappend toks [smtp::sendmessage $t {*}$base -command {} -keepalive 1] }
                foreach tok $toks { smtp::wait $tok }
                smtp::sendmessage $t {*}$base -command never
            } } e]
            tsv::incr count $code
            if {$code} { tsv::lappend errors list $e }
            interp delete w
        }
    }]]
}
foreach t $threads { thread::join $t }
file delete $authority
if {[tsv::exists errors list]} { puts [tsv::get errors list]; exit 1 }
puts "[tsv::get count 0] went well"
exit
