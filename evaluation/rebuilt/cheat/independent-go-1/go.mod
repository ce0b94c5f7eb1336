module cheat

go 1.23
