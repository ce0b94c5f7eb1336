module hx

go 1.22
