# TLS and a login that prove both sides, to a sink in this process: no mail server is needed.
package require mime
package require smtp

set sink [smtp::sink start -tls starttls -users {ann s3cret-of-ann}]
set authority [file join [pwd] sink-authority.pem]
set file [open $authority w]
puts -nonewline $file [smtp::sink certificate $sink]
close $file

set message [mime::initialize -canonical text/plain -string "Nobody else can read this.\n"]
smtp::sendmessage $message -servers localhost -ports [smtp::sink port $sink] -originator ann@example.com \
    -recipients bob@example.org -header {Subject Privately} -tlsmode starttls -cafile $authority \
    -username ann -password s3cret-of-ann -resultvariable report
mime::finalize $message
file delete $authority

set tls [dict get $report tls]
puts "TLS [dict get $tls version] with [dict get $tls cipher]: [dict get $tls verification]"
puts "logged in as [dict get $report auth user] by [dict get $report auth mechanism]"
foreach line [lindex [smtp::sink dialogue $sink] 0] {
    lassign $line milliseconds direction text
    puts "  [string map {c C: s S: ! --} $direction] $text"
}
smtp::sink stop $sink
