// Sources of SMTP.
