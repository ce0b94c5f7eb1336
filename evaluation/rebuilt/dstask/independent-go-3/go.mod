module taskbook

go 1.23
