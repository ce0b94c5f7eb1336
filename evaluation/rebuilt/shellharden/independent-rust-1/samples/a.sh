#!/bin/bash
# comment $x `y`
a=$b
a=`pwd`
b=$(cat $f)
echo $a "$b" '$c' ${d} ${e[@]} "${f}" "${g:-$h}" ${i:-a b}
echo $@ $* $# $? $1 ${10} $$ $! $- $0
echo "${x}y" "$x"y $x$y "$x""$y" a$x"b"
for i in $list; do echo $i; done
for i in $@ ${arr[@]} ${arr[*]} `ls`; do
  case $i in
    $x) echo $x;;
    *) echo "`date`" "$(date $x)";;
  esac
done
[ $a = $b ] && [[ $a == $b ]] && [ -n $x ] && [ -z "$x" ]
[ x$a = x ] || test x"$a" != x || test -z $a
if [ "$#" -gt 0 ]; then echo $(( $a + b )) ; ((a++)); fi
cat <<EOF
$x `y` ${z}
EOF
cat <<-'EOF' > $f
	$x
	EOF
f() { local x=$1 y="$2"; export z=$3; return $?; }
echo $'a\n$b' \$x \`a\` $"x"
arr=($x "$y" $(z))
arr+=( $x )
echo ${#x} ${#a[@]} ${x%.*} ${x/$a/$b} "${x}" "${x}_" "${x[0]}" ${x}
