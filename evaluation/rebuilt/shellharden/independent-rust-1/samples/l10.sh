case `a` in b) c $d;; esac; case $x in "$y"|$(a $b)|`c`) d;; esac; $(case a in b) c;; esac)
