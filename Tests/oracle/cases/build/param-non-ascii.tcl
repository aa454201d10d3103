# wire: ours -- A parameter outside ASCII goes out by RFC 2231, and as encoded words for old readers
#  ~ name="=\?utf-8\?Q\?na=C3=AFve=2Epdf\?=";
#  ~ name\*=utf-8''na%C3%AFve\.pdf$
build [mime::initialize -canonical application/pdf -encoding base64 -param [list name "na\u00efve.pdf"] -string x]
