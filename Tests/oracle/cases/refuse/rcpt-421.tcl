# reply: RCPT 421 4.3.2 closing then drop
show {send [hello] -recipients b@example.org}
