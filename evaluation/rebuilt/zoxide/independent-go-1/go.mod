module zoxide

go 1.21
