send [hello] -recipients "b@example.org, b@example.org"
