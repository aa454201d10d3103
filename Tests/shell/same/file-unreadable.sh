# As another user than root a file without read permission; a directory is unreadable to all.
mkdir d; "$tcl" d
