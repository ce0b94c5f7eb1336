module xq

go 1.21
