module outdated

go 1.21
