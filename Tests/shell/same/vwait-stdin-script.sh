# Events run while a script on standard input waits.
printf 'after 20 {puts event; set done 1}\nvwait done\nputs after\n' | "$tcl"
