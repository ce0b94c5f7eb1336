// Command lz4 compresses and decompresses .lz4 files.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"lz4/internal/frame"
)

const (
	suffix    = ".lz4"
	largeFile = 4 << 20 // from here on progress is shown block by block
)

// fatal ends the program with a numbered error.
type fatal struct {
	code int
	text string
}

func (f *fatal) Error() string { return fmt.Sprintf("Error %d : %s ", f.code, f.text) }

func main() {
	con := &console{level: levelNormal}
	o := newOptions(filepath.Base(os.Args[0]), con)
	err := o.parse(os.Args[1:])
	if err == nil {
		con.printf(levelVerbose, banner)
		if o.multiple && len(o.names) > 0 {
			os.Exit(o.runMany())
		}
		err = o.runSingle()
	}
	os.Exit(o.exitCode(err))
}

func (o *options) exitCode(err error) int {
	var f *fatal
	switch {
	case err == nil, err == errDone:
		return 0
	case err == errUsage:
		o.showBasics()
	case errors.As(err, &f):
		o.con.printf(levelError, "%v\n", f)
		return f.code
	case err != errShown:
		o.con.printf(levelError, "%v\n", err)
	}
	return 1
}

func (o *options) runSingle() error {
	in, given := stdinName, ""
	switch {
	case len(o.names) > 2:
		o.con.printf(levelError, "Error : %s won't be used ! Do you want multiple input files (-m) ? \n", o.names[2])
		return errShown
	case len(o.names) == 2:
		given = o.names[1]
	}
	if len(o.names) > 0 && o.names[0] != "-" {
		in = o.names[0]
	}
	o.settleMode(in)
	out, err := o.outputFor(in, given)
	if err != nil {
		return err
	}
	if out == stdoutName && o.con.level == levelNormal {
		o.con.level = levelError
	}
	return o.run(in, out)
}

func (o *options) settleMode(in string) {
	if o.mode != modeAuto {
		return
	}
	o.mode = modeCompress
	if strings.HasSuffix(in, suffix) {
		o.mode = modeDecompress
	}
}

func (o *options) outputFor(in, given string) (string, error) {
	switch {
	case o.mode == modeTest:
		return nullName, nil
	case o.toStdout, given == "-", given == "" && in == stdinName:
		return stdoutName, nil
	case given != "":
		return given, nil
	case o.mode == modeCompress:
		o.con.printf(levelNormal, "Compressed filename will be : %s \n", in+suffix)
		return in + suffix, nil
	}
	out, ok := strings.CutSuffix(in, suffix)
	if !ok {
		o.con.printf(levelError, "Cannot determine an output filename \n")
		return "", errUsage
	}
	o.con.printf(levelNormal, "Decoding file %s \n", out)
	return out, nil
}

// runMany handles -m: every name is an input. It returns the exit code.
func (o *options) runMany() (failed int) {
	o.settleMode(o.names[0])
	o.con.level -= b2i(o.con.level == levelNormal)
	for _, name := range o.names {
		err := o.runNamed(name)
		var f *fatal
		if errors.As(err, &f) {
			return o.exitCode(err)
		}
		failed += b2i(err != nil)
	}
	return failed
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (o *options) runNamed(name string) error {
	plain, packed := strings.CutSuffix(name, suffix)
	switch {
	case o.mode == modeTest:
		return o.run(name, nullName)
	case o.toStdout:
		return o.run(name, stdoutName)
	case o.mode == modeCompress:
		return o.run(name, name+suffix)
	case packed:
		return o.run(name, plain)
	}
	o.con.printf(levelError, "File extension doesn't match expected LZ4_EXTENSION (.lz4); will not process file: %s\n", name)
	return errShown
}

func (o *options) run(in, out string) error {
	if o.mode == modeCompress {
		return o.compress(in, out)
	}
	return o.decompress(in, out)
}

func percent(written, read int64) float64 { return float64(written) / float64(read) * 100 }

func (o *options) compress(in, out string) error {
	src, err := o.openInput(in)
	if err != nil {
		return err
	}
	if !o.mayWrite(out, in) {
		return errShown
	}
	dst, err := o.createOutput(out)
	if err != nil {
		return err
	}
	o.con.printf(levelVerbose, "Using 1 threads for compression \n")
	e := &frame.Encoder{Header: o.header, Level: o.level}
	var size int64
	if info, err := src.Stat(); err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	if o.contentSize && size > 0 {
		e.ContentSize = size
	}
	show := func(read, written int64) {
		o.con.progress("Read : %d MiB   ==> %s%%   ", read>>20, ratio(written, read))
	}
	e.Progress = func(read, written int64) {
		if size >= largeFile {
			show(read, written)
		}
	}
	if err := e.Encode(dst, src); err != nil {
		return &fatal{38, "Write error : " + reason(err)}
	}
	if size < largeFile {
		show(max(e.Read, 1), e.Written)
	}
	o.con.clearLine()
	o.con.printf(levelNormal, "Compressed %d bytes into %d bytes ==> %s%%\n", e.Read, e.Written, ratio(e.Written, max(e.Read, 1)))
	return o.finish(in, src, dst)
}

func ratio(written, read int64) string {
	if read == 0 {
		return "inf"
	}
	return fmt.Sprintf("%.2f", percent(written, read))
}

func (o *options) decompress(in, out string) error {
	if !o.mayWrite(out, in) {
		return errShown
	}
	src, err := o.openInput(in)
	if err != nil {
		return err
	}
	dst, err := o.createOutput(out)
	if err != nil {
		return err
	}
	d := &frame.Decoder{PassThrough: o.force && o.toStdout && out == stdoutName}
	d.Progress = func(n int64) { o.con.progress("Decompressed : %d MiB  ", n>>20) }
	if err := d.Decode(dst, bufio.NewReaderSize(src, 1<<16)); err != nil {
		dst.Close()
		return decodeFailure(err)
	}
	o.con.clearLine()
	o.con.printf(levelNormal, "%-30.30s : decoded %d bytes \n", in, d.Decoded)
	return o.finish(in, src, dst)
}

func decodeFailure(err error) error {
	var format *frame.FormatError
	switch {
	case errors.As(err, &format):
		return &fatal{34, "Decompression error : " + format.Name}
	case errors.Is(err, frame.ErrTruncated):
		return &fatal{26, "LZ4F frame decoding could not complete: invalid frame"}
	case errors.Is(err, frame.ErrUnrecognized):
		return &fatal{44, "Unrecognized header : file cannot be decoded"}
	}
	return &fatal{36, "Read or write error : " + reason(err)}
}
