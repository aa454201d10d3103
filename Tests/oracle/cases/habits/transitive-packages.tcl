# Commands of packages that Tcllib's mime brings along.
puts [base64::encode hello]
puts [string tolower [md5::md5 -hex hello]]
