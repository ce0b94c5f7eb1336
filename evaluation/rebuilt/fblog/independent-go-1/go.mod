module fblog

go 1.22
