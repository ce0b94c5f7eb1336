module testpaint

go 1.20
