module scc

go 1.21
