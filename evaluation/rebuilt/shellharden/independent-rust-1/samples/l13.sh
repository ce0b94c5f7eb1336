cat <<'E F' | foo
