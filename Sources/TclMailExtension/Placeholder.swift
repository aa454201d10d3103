// Sources of TclMailExtension.
