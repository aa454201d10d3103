send [hello] -client client.test
