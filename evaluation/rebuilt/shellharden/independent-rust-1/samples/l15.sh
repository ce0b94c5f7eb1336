alias x=$y; unset x[$i]; x=~/$y; a[1]+=$x; 1x=$y; x = $y; foo=bar$x baz
