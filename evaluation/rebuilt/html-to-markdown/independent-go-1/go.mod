module mdconv

go 1.22
