// Sources of TclMail.
