module gron

go 1.21
