a $b
