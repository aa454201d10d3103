# Text and HTML in UTF-8, either to be shown, and an attached file.
package require mime
package require smtp

set text [mime::initialize -canonical text/plain -param {charset utf-8} -string "Grüße aus Köln: 5 € Eintritt.\n"]
set html [mime::initialize -canonical text/html -param {charset utf-8} -string "<p>Grüße aus <b>Köln</b>: 5 € Eintritt.</p>\n"]
set either [mime::initialize -canonical multipart/alternative -parts [list $text $html]]
set logo [mime::initialize -canonical "image/svg+xml; name=\"logo.svg\"" -encoding base64 \
    -header {Content-Disposition {attachment; filename="logo.svg"}} -file [file join [file dirname [info script]] logo.svg]]
set message [mime::initialize -canonical multipart/mixed -parts [list $either $logo]]

smtp::sendmessage $message -servers mail.example.com -ports 587 \
    -header {From {Jörg Müller <joerg@example.com>}} -header {To {Ann Example <ann@example.org>}} \
    -header {Subject {Größe und Preis: 5 €}}
mime::finalize $message -subordinates all
