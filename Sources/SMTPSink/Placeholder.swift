// Sources of SMTPSink.
