// Sources of TclBridge.
