module rnr

go 1.20
