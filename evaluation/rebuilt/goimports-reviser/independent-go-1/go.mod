module reviser

go 1.22
