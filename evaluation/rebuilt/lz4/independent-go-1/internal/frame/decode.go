package frame

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"lz4/internal/block"
	"lz4/internal/xxh32"
)

// Failures that are not tied to the contents of a frame.
var (
	ErrTruncated    = errors.New("frame is incomplete")
	ErrUnrecognized = errors.New("not an LZ4 stream")
)

// FormatError names the rule a damaged frame breaks.
type FormatError struct{ Name string }

func (e *FormatError) Error() string { return e.Name }

// Decoder decodes a series of frames.
type Decoder struct {
	Progress    func(decoded int64)
	PassThrough bool // copy input that does not start with a frame
	Decoded     int64

	in  io.Reader
	out io.Writer
}

// Decode writes the plain contents of all frames in r to w.
func (d *Decoder) Decode(w io.Writer, r io.Reader) error {
	d.in, d.out = r, w
	for first := true; ; first = false {
		var field [4]byte
		n, err := io.ReadFull(r, field[:])
		if n == 0 {
			return ignoreEOF(err)
		}
		magic := binary.LittleEndian.Uint32(field[:])
		switch {
		case n == 4 && magic == magicFrame:
			err = d.frame()
		case n == 4 && magic&^15 == magicSkippable:
			err = d.skip()
		default:
			return d.unknown(field[:n], first)
		}
		if err != nil {
			return err
		}
	}
}

func ignoreEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

func (d *Decoder) unknown(start []byte, first bool) error {
	if first && d.PassThrough {
		n, err := io.Copy(d.out, io.MultiReader(bytes.NewReader(start), d.in))
		d.Decoded += n
		return err
	}
	if first {
		return ErrUnrecognized
	}
	if err := d.fill(make([]byte, 7-len(start))); err != nil {
		return err
	}
	return &FormatError{"ERROR_frameType_unknown"}
}

func (d *Decoder) fill(p []byte) error {
	if _, err := io.ReadFull(d.in, p); err == io.EOF || err == io.ErrUnexpectedEOF {
		return ErrTruncated
	} else if err != nil {
		return err
	}
	return nil
}

func (d *Decoder) uint32() (uint32, error) {
	var b [4]byte
	err := d.fill(b[:])
	return binary.LittleEndian.Uint32(b[:]), err
}

func (d *Decoder) skip() error {
	n, err := d.uint32()
	if err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, d.in, int64(n)); err != nil {
		return ErrTruncated
	}
	return nil
}

func (d *Decoder) header() (Header, error) {
	desc := make([]byte, 2, 15)
	if err := d.fill(desc); err != nil {
		return Header{}, err
	}
	desc = desc[:descriptorSize(desc[0])]
	if err := d.fill(desc[2:]); err != nil {
		return Header{}, err
	}
	h, err := parseHeader(desc)
	if err != nil {
		return h, &FormatError{err.Error()}
	}
	return h, nil
}

func (d *Decoder) frame() error {
	h, err := d.header()
	if err != nil {
		return err
	}
	content, start := xxh32.New(), d.Decoded
	sink := io.MultiWriter(d.out, content)
	packed := make([]byte, BlockSize(h.BlockID))
	buf := make([]byte, 0, block.Window+BlockSize(h.BlockID))
	for {
		field, err := d.uint32()
		if err != nil {
			return err
		}
		if field == 0 {
			return d.footer(h, start, content.Sum32())
		}
		history := len(buf)
		if buf, err = d.block(h, field, packed, buf); err != nil {
			return err
		}
		if _, err := sink.Write(buf[history:]); err != nil {
			return err
		}
		d.Decoded += int64(len(buf) - history)
		if h.Independent {
			buf = buf[:0]
		} else {
			buf = slide(buf, block.Window)
		}
	}
}

// block reads one block and appends its plain form to buf.
func (d *Decoder) block(h Header, field uint32, packed, buf []byte) ([]byte, error) {
	size := int(field &^ rawBlock)
	if size > len(packed) {
		return buf, &FormatError{"ERROR_maxBlockSize_invalid"}
	}
	packed = packed[:size]
	if err := d.fill(packed); err != nil {
		d.Progress(d.Decoded)
		return buf, err
	}
	if h.BlockChecksum {
		sum, err := d.uint32()
		if err != nil {
			return buf, err
		}
		if sum != xxh32.Sum(packed) {
			return buf, &FormatError{"ERROR_blockChecksum_invalid"}
		}
	}
	if field&rawBlock != 0 {
		return append(buf, packed...), nil
	}
	buf, err := block.Decode(buf, packed, BlockSize(h.BlockID))
	if err != nil {
		return buf, &FormatError{"ERROR_decompressionFailed"}
	}
	return buf, nil
}

func (d *Decoder) footer(h Header, start int64, sum uint32) error {
	if h.ContentSize >= 0 && d.Decoded-start != h.ContentSize {
		return &FormatError{"ERROR_frameSize_wrong"}
	}
	if h.ContentChecksum {
		stored, err := d.uint32()
		if err != nil {
			return err
		}
		if stored != sum {
			return &FormatError{"ERROR_contentChecksum_invalid"}
		}
	}
	d.Progress(d.Decoded)
	return nil
}
