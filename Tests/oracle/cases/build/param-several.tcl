# wire: ours -- Parameters go out in the order they were given
#  ~ charset="us-ascii";\n +format="flowed";\n +delsp="yes"$
build [mime::initialize -canonical text/plain -param {charset us-ascii} -param {format flowed} -param {delsp yes} -string x]
