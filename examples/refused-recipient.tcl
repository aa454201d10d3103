# One recipient is refused: the result says who and why; -atleastone sends to the others all the same.
package require mime
package require smtp

set message [mime::initialize -canonical text/plain -string "Is anybody there?\n"]
mime::setheader $message Subject "Hello"
set refused [smtp::sendmessage $message -originator ann@example.com -atleastone 1 \
    -recipients "bob@example.org, 550-5.1.1@fault.test"]
mime::finalize $message

foreach recipient $refused {
    lassign $recipient address code text
    puts "refused: $address ($code $text)"
}
