# The token looks like the name of a variable of the namespace.
string match ::mime::* [hello]
