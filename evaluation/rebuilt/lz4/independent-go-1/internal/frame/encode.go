package frame

import (
	"encoding/binary"
	"errors"
	"hash"
	"io"

	"lz4/internal/block"
	"lz4/internal/xxh32"
)

// Encoder writes everything it reads as one frame.
type Encoder struct {
	Header
	Level    int
	Progress func(read, written int64) // called before each block is counted

	Read, Written int64

	out     io.Writer
	content hash.Hash32
	blocks  block.Encoder
	packed  []byte
}

// Encode compresses r into w.
func (e *Encoder) Encode(w io.Writer, r io.Reader) error {
	size := BlockSize(e.BlockID)
	e.out, e.content, e.blocks.Level = w, xxh32.New(), e.Level
	buf := make([]byte, 0, block.Window+size)
	n, err := io.ReadFull(r, buf[:size])
	if n < size { // a single block: describe it as tightly as possible
		e.Independent, e.BlockID = true, FitBlockID(n)
	}
	e.emit(e.Header.append(nil))
	for history := 0; n > 0; {
		if werr := e.block(buf[:history+n], history); werr != nil {
			return werr
		}
		e.Progress(e.Read, e.Written)
		e.Read += int64(n)
		if !e.Independent {
			history = len(slide(buf[:history+n], block.Window))
		}
		n, err = io.ReadFull(r, buf[history:history+size])
	}
	if err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return e.finish()
}

func (e *Encoder) emit(p []byte) error {
	n, err := e.out.Write(p)
	e.Written += int64(n)
	return err
}

func (e *Encoder) block(buf []byte, history int) error {
	plain := buf[history:]
	e.packed = e.blocks.Encode(e.packed[:0], buf, history)
	body, field := e.packed, uint32(len(e.packed))
	if len(body) >= len(plain) {
		body, field = plain, uint32(len(plain))|rawBlock
	}
	e.content.Write(plain)
	var checksum []byte
	if e.BlockChecksum {
		checksum = binary.LittleEndian.AppendUint32(nil, xxh32.Sum(body))
	}
	for _, part := range [][]byte{binary.LittleEndian.AppendUint32(nil, field), body, checksum} {
		if err := e.emit(part); err != nil {
			return err
		}
	}
	return nil
}

func (e *Encoder) finish() error {
	footer := make([]byte, 4)
	if e.ContentChecksum {
		footer = binary.LittleEndian.AppendUint32(footer, e.content.Sum32())
	}
	return e.emit(footer)
}
