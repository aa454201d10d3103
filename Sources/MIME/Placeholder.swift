// Sources of MIME.
