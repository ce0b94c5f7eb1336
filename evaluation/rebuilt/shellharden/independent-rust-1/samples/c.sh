for ((i=0; i<$n; i++)); do :; done
for i; do select a in b; do until c; do time d; coproc e; typeset f; g; done
echo "a\$b\n\"" 'b' \
 "$((1+a))" x=1 ; exec a; eval b; [[ -n "$a" && b =~ 'c' ]]; x="a"
[ $a ]; test; [; testx; if; iffy a; if test; then
echo $((1+"a"+'b'+$x)) $'\x41\u1234\'' # c
a=(b "c" $d # e
 f)
while a & b | c && d || e; do; a=b; ! x; in; }; { x; }
echo ${x:-"a$(b)"} `a \`b\` \\ \$x` "`a \`b\``"
a >b <c 2>d; >e f; foo=`a` b; "a"b c; 'a' c; a"b" c; $a c
case a in b|'c') d;; # x
 *) e ;;
esac > f
