# buildmessage: MIME-Version, the token's header fields, Content-Type, the body.
build [mime::initialize -canonical text/plain -param {charset us-ascii} -header {Subject hello} -string "one\ntwo\n"]
