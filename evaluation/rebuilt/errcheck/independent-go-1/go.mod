module errfinder

go 1.22
