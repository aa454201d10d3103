send [hello] -recipients "b@example.org, Cee <c@example.org>, \"D, E\" <d@example.org>"
