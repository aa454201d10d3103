# stdout: ours -- Quotes and backslashes in a parameter are escaped, and parsing takes the escapes away
#  | name {a "b" c.pdf}
set message [mime::initialize -string "Content-Type: application/pdf; name=\"a \\\"b\\\" c.pdf\"\n\nx\n"]
puts [mime::getproperty $message params]
