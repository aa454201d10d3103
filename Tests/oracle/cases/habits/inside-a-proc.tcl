proc mail {text} {
    set token [mime::initialize -canonical text/plain -string $text]
    set body [mime::getbody $token]
    mime::finalize $token
    return $body
}
mail hello
