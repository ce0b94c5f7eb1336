module ag

go 1.22
