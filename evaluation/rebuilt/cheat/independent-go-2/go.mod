module cheat

go 1.21
