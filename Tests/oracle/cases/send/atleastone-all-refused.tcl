# reply: RCPT 550 5.1.1 no such user
send [hello] -recipients "one@example.org, two@example.org" -atleastone 1
