set token [hello]
catch {mime::finalize $token -subordinates some}
puts [mime::getproperty $token content]
