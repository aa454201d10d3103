# wire: ours -- seven-bit
#   ~ caf=E9
set token [mime::initialize -canonical text/plain -param {charset iso-8859-1} -encoding 8bit -string "caf\u00e9\n"]
send $token
