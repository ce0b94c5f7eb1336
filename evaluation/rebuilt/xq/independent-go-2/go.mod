module markuptool

go 1.21
