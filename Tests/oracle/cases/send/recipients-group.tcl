send [hello] -recipients "Friends: b@example.org, c@example.org;"
