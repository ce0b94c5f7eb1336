cat foo > $f
cat <<E >$f $g
x
E
echo $f >$x >> $x$y
echo a"b"$x $x"b"c "b"$x"c" "a"$x a$x.b ${x}a ${x}"a" "${x}"a "$x"a"$y"b
echo ${x}_"a" 'a'$x "$(a)"b $(a)b $(a)"b" `a`"b" `a` "`a $x`" `a \`b\` `
echo "${x}" "${x}1" "${x} " "${x}$y" "${x}${y}" "${x}[" "${@}" "${1}" "${1}2" "${#}" ${@} ${*} ${#} "$*" "${*}" "${a[*]}" ${?} ${!x} ${!} ${$} "${a[$i]}" ${a[$i]}
x=$a$b y=`a`; x=${a} ; x=$* ; x=$@; x="${a}"; x+=$b; x[0]=$b; x[$i]=$b; x=a$b"c"
local x=$1 y=${2}z; export a=$b c; declare -a foo=$a; readonly x=$y ; env x=$y cmd; x=$y cmd $z
if [ -z $x ]; then :; elif [ -n "$x" ]; then :; else :; fi
if [ ! -z $x ]; then :; fi
test -n $x && test -z `ls`
[ "x$a" = "xb" ] ; [ x$a = xfoo ]; [ x"$a" == x"b" ]; [ "$a"x = x ]; [ x = x$a ] ; [ -z foo -a $b ]
[ -n "$(foo)" ]; [ -z "a b" ]; [ -n $a$b ]; [[ -n $a ]]; [[ x$a = x ]]
while read $x; do echo $x; done < $file
for i in $x$y a$b $(seq 1 $n) ${z} "$x" ${a[@]} 1 2; do :; done
for i in a b; do :; done
for ((i=0; i<$n; i++)); do :; done
for i; do :; done
for i in "$x"; do :; done; for i in $*; do :; done
case "$x" in a) ;; (b|$c) echo $x ;& *) esac
case $x$(foo $z) in "a b"*) `a`;; esac
x=$((1+$a+`b`)); (( x = $a )); let x=$a; $((a[$i])) $[1+$a]
export x=`pwd` y=$(pwd); echo $(pwd) `pwd` "`pwd`" "$(pwd)"
<(foo $x) >(bar $y) diff <(a $b) > >(c)
cat <<< $x <<<"$x"
function foo { echo $1; }
foo() ( echo $1 )
$x $y; "$x"; ${x} | $y && $(z)
{ $x; }; ( $x ); ! $x
echo ~ $HOME/* $HOME/"*" "${HOME}"/bin ${HOME}/bin
