module curlfront

go 1.22
