# reply: RCPT *bad@* 550 5.1.1 no such user
send [hello] -recipients "good@example.org, bad@example.org" -atleastone 1
