foreach text {one two} {
    set token [hello "$text\n"]
    send $token
    mime::finalize $token
}
