# reply: MAIL 452 4.3.1 full
# result: 2.0 -- code-7
send [hello]
