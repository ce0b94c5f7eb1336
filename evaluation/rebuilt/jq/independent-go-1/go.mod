module jq

go 1.23
