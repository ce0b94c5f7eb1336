echo "$(a; # foo)
