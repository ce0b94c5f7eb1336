#pragma once

#define BANNER "*** lz4 v1.10.0 64-bit multithread, by Yann Collet ***\n"
#define SHORT_HELP \
    "Usage : \n" "      %s [arg] [input] [output] \n" "\n" "input   : a filename \n" \
    "          with no FILE, or when FILE is - or stdin, read standard input\n" "Arguments : \n" " -1     : fast compression (default) \n" \
    " -12    : slowest compression level \n" " -T#    : use # threads for compression (default:0==auto) \n" \
    " -d     : decompression (default for .lz4 extension)\n" " -f     : overwrite output without prompting \n" \
    " -k     : preserve source files(s)  (default) \n" "--rm    : remove source file(s) after successful de/compression \n" \
    " -h/-H  : display help/long help and exit \n"
#define LONG_HELP \
    "\n" "Advanced arguments :\n" " -V     : display Version number and exit \n" " -v     : verbose mode \n" \
    " -q     : suppress warnings; specify twice to suppress errors too\n" " -c     : force write to standard output, even if it is the console\n" \
    " -t     : test compressed file integrity\n" " -m     : multiple input files (implies automatic output filenames)\n" \
    " -r     : operate recursively on directories (sets also -m) \n" " -l     : compress using Legacy format (Linux kernel compression)\n" \
    " -z     : force compression \n" " -D FILE: use FILE as dictionary (compression & decompression)\n" \
    " -B#    : cut file into blocks of size # bytes [32+] \n" "                     or predefined block size [4-7] (default: 7) \n" \
    " -BI    : Block Independence (default) \n" " -BD    : Block dependency (improves compression ratio) \n" \
    " -BX    : enable block checksum (default:disabled) \n" "--no-frame-crc : disable stream checksum (default:enabled) \n" \
    "--content-size : compressed frame includes original size (default:not present)\n" \
    "--list FILE : lists information about .lz4 files (useful for files compressed with --content-size flag)\n" \
    "--[no-]sparse  : sparse mode (default:enabled on file, disabled on stdout)\n" \
    "--favor-decSpeed: compressed files decompress faster, but are less compressed \n" "--fast[=#]: switch to ultra fast compression level (default: 1)\n" \
    "--best  : same as -12\n" "Benchmark arguments : \n" " -b#    : benchmark file(s), using # compression level (default : 1) \n" \
    " -e#    : test all compression levels from -bX to # (default : 1)\n" " -i#    : minimum evaluation time in seconds (default : 3s) \n"
