module richgo

go 1.21
