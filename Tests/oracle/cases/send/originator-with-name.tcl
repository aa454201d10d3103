send [hello] -originator "Ann Example <ann@example.com>"
