show {mime::finalize [hello] -subordinates some}
