show {mime::finalize [hello] -colour red}
