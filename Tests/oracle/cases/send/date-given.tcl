send [hello] -header {Date {Mon, 05 Jun 2006 15:04:03 +0000}} -header {Message-ID <mine@sink.test>}
