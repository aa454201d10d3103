build [mime::initialize -canonical text/plain -param {charset us-ascii} -param {format flowed} -param {delsp yes} -string x]
