module gotests

go 1.22
