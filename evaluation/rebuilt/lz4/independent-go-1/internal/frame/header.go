// Package frame reads and writes the LZ4 frame format.
package frame

import (
	"encoding/binary"
	"errors"

	"lz4/internal/xxh32"
)

const (
	magicFrame     = 0x184D2204
	magicSkippable = 0x184D2A50
	rawBlock       = 1 << 31

	flagDictID          = 1 << 0
	flagReserved        = 1 << 1
	flagContentChecksum = 1 << 2
	flagContentSize     = 1 << 3
	flagBlockChecksum   = 1 << 4
	flagIndependent     = 1 << 5
	version             = 1 << 6
)

// Header is the frame descriptor.
type Header struct {
	BlockID         int // 4 to 7: 64 KB, 256 KB, 1 MB, 4 MB
	Independent     bool
	BlockChecksum   bool
	ContentChecksum bool
	ContentSize     int64 // -1 when unknown
}

// BlockSize returns the number of bytes a block of the given kind may hold.
func BlockSize(id int) int { return 1 << (8 + 2*id) }

// FitBlockID returns the smallest kind of block that holds n bytes.
func FitBlockID(n int) int {
	id := 4
	for id < 7 && BlockSize(id) < n {
		id++
	}
	return id
}

func (h Header) append(dst []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, magicFrame)
	start := len(dst)
	flags := byte(version)
	for _, f := range []struct {
		on  bool
		bit byte
	}{
		{h.Independent, flagIndependent},
		{h.BlockChecksum, flagBlockChecksum},
		{h.ContentChecksum, flagContentChecksum},
		{h.ContentSize >= 0, flagContentSize},
	} {
		if f.on {
			flags |= f.bit
		}
	}
	dst = append(dst, flags, byte(h.BlockID<<4))
	if h.ContentSize >= 0 {
		dst = binary.LittleEndian.AppendUint64(dst, uint64(h.ContentSize))
	}
	return append(dst, byte(xxh32.Sum(dst[start:])>>8))
}

// descriptorSize returns the length of a descriptor, checksum included.
func descriptorSize(flags byte) int {
	n := 3
	if flags&flagContentSize != 0 {
		n += 8
	}
	if flags&flagDictID != 0 {
		n += 4
	}
	return n
}

func parseHeader(d []byte) (Header, error) {
	sum := len(d) - 1
	switch {
	case d[0]&flagReserved != 0, d[1]&0x8F != 0:
		return Header{}, errors.New("ERROR_reservedFlag_set")
	case d[0]&0xC0 != version:
		return Header{}, errors.New("ERROR_headerVersion_wrong")
	case d[1]>>4 < 4:
		return Header{}, errors.New("ERROR_maxBlockSize_invalid")
	case d[sum] != byte(xxh32.Sum(d[:sum])>>8):
		return Header{}, errors.New("ERROR_headerChecksum_invalid")
	}
	h := Header{
		BlockID:         int(d[1] >> 4),
		Independent:     d[0]&flagIndependent != 0,
		BlockChecksum:   d[0]&flagBlockChecksum != 0,
		ContentChecksum: d[0]&flagContentChecksum != 0,
		ContentSize:     -1,
	}
	if d[0]&flagContentSize != 0 {
		h.ContentSize = int64(binary.LittleEndian.Uint64(d[2:]))
	}
	return h, nil
}

// slide keeps only the last window of buf, as history for the next block.
func slide(buf []byte, window int) []byte {
	keep := min(len(buf), window)
	copy(buf, buf[len(buf)-keep:])
	return buf[:keep]
}
