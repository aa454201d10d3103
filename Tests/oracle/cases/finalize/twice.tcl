set token [hello]
mime::finalize $token
puts [catch {mime::finalize $token}]
