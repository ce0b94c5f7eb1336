if [ $x ]; then [ -f $x ]; fi;test -n "$x"; if test -z $x;then a;fi; ! [ -z $y ]; $(test -z $x)
