module tabletests

go 1.26
