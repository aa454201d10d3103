# One message to several people: To and Cc are shown, the address of Dcc is not.
package require mime
package require smtp

set message [mime::initialize -canonical text/plain -param {charset us-ascii} -string "The report is ready.\n"]
smtp::sendmessage $message -header {From {Reports <reports@example.com>}} \
    -header {To {Ann <ann@example.org>, Bob <bob@example.org>}} -header {Cc carol@example.org} -header {Dcc archive@example.com} \
    -header {Subject {Weekly report}}
mime::finalize $message
