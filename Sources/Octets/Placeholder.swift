// Sources of Octets.
