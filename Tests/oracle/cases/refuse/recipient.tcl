# A refused recipient is a row of the result; without -atleastone nothing is sent.
# reply: RCPT *bad@* 550 5.1.1 no such user
send [hello] -recipients "good@example.org, bad@example.org"
