# Text above U+00FF.
# wire: ours -- wide
#  ~ ^0JbRg9C6IOKCrAo=$|^=D0=96=D1=83=D0=BA =E2=82=AC$
build [mime::initialize -canonical text/plain -param {charset utf-8} -string "\u0416\u0443\u043a \u20ac\n"]
