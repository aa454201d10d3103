# wire: ours -- The value of a parameter in -canonical keeps its case
#  ~ name="Report.PDF"$
build [mime::initialize -canonical {application/pdf; name="Report.PDF"} -encoding base64 -string x]
