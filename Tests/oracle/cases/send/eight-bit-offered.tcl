# offer: 8BITMIME
# wire: ours -- A body of 8-bit octets is announced where the server offers 8BITMIME
#  ~ ^C: MAIL FROM:<a@example.com> BODY=8BITMIME$
#  ~ ^D: caf\\xe9$
set token [mime::initialize -canonical text/plain -param {charset iso-8859-1} -encoding 8bit -string "caf\u00e9\n"]
send $token
