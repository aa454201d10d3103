# reply: MAIL 452 4.3.1 full
send [hello]
