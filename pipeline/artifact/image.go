package artifact

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	_ "image/gif" // for the headers of the three
	_ "image/jpeg"
	_ "image/png"
	"io"
)

// readImage walks through an image to its end, which proves that it is whole
// without the memory that its pixels would take.
func (f *subject) readImage(ctx context.Context) error {
	walk := map[string]func(*bufio.Reader) error{
		"image/png": walkPNG, "image/vnd.mozilla.apng": walkPNG, "image/jpeg": walkJPEG, "image/gif": walkGIF,
	}[f.mime]
	if f.mime == "image/webp" || f.mime == "image/bmp" {
		return f.checkImageSize()
	}
	if walk == nil {
		return nil
	}
	start := func() *bufio.Reader {
		return bufio.NewReader(&contextReader{ctx: ctx, r: io.NewSectionReader(f.file, 0, f.size)})
	}
	_, _, err := image.DecodeConfig(start())
	if err == nil {
		err = walk(start())
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fail("whole", "is cut off: %s without its end", f.desc)
	}
	return fail("whole", "is damaged: %s that cannot be read (%v)", f.desc, err)
}

// checkImageSize compares a file with the size that its header tells.
func (f *subject) checkImageSize() error {
	head := make([]byte, 8)
	if _, err := f.file.ReadAt(head, 0); err != nil {
		return fail("whole", "is cut off: %s without its end", f.desc)
	}
	told := int64(binary.LittleEndian.Uint32(head[2:])) // of a BMP
	if f.mime == "image/webp" {
		told = int64(binary.LittleEndian.Uint32(head[4:])) + 8
	}
	if told > f.size {
		return fail("whole", "is cut off: %s of %d bytes that tells of %d", f.desc, f.size, told)
	}
	return nil
}

func walkPNG(r *bufio.Reader) error {
	if _, err := r.Discard(8); err != nil {
		return err
	}
	for pixels := false; ; {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		kind, sum := string(head[4:]), crc32.NewIEEE()
		sum.Write(head[4:])
		if _, err := io.CopyN(sum, r, int64(binary.BigEndian.Uint32(head[:4]))); err != nil {
			return err
		}
		var told [4]byte
		if _, err := io.ReadFull(r, told[:]); err != nil {
			return err
		}
		if binary.BigEndian.Uint32(told[:]) != sum.Sum32() {
			return fmt.Errorf("the checksum of its part %q is wrong", kind)
		}
		pixels = pixels || kind == "IDAT"
		if kind == "IEND" {
			if !pixels {
				return errors.New("it has no pixels")
			}
			return nil
		}
	}
}

func walkJPEG(r *bufio.Reader) error {
	const startOfScan, end = 0xda, 0xd9
	for scans := 0; ; {
		// Between the markers stand pixels, in which ff is followed by 00.
		if _, err := skipTo(r, 0xff); err != nil {
			return err
		}
		marker, err := r.ReadByte()
		for err == nil && marker == 0xff {
			marker, err = r.ReadByte()
		}
		switch {
		case err != nil:
			return err
		case marker == end && scans == 0:
			return errors.New("it has no pixels")
		case marker == end:
			return nil
		case marker <= 0x01, marker >= 0xd0 && marker <= 0xd8:
			continue
		case marker == startOfScan:
			scans++
		}
		var length [2]byte
		if _, err := io.ReadFull(r, length[:]); err != nil {
			return err
		}
		if _, err := r.Discard(max(0, int(binary.BigEndian.Uint16(length[:]))-2)); err != nil {
			return err
		}
	}
}

// skipTo reads up to and with a byte.
func skipTo(r *bufio.Reader, b byte) (n int, err error) {
	for {
		skipped, err := r.ReadSlice(b)
		n += len(skipped)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return n, err
		}
	}
}

func walkGIF(r *bufio.Reader) error {
	// Six bytes of header; the fifth of the screen tells of its colours.
	if err := skipTable(r, 6+4, 2); err != nil {
		return err
	}
	for {
		kind, err := r.ReadByte()
		switch {
		case err != nil:
			return err
		case kind == ';':
			return nil
		case kind == ',':
			if err := skipTable(r, 8, 0); err != nil {
				return err
			}
		case kind != '!':
			return fmt.Errorf("it has a block of an unknown kind %#x", kind)
		}
		// The code size of a picture, or the label of an extension.
		if _, err := r.Discard(1); err != nil {
			return err
		}
		if err := skipBlocks(r); err != nil {
			return err
		}
	}
}

// skipTable passes over before bytes, the flags that tell of a colour table,
// after bytes, and the table.
func skipTable(r *bufio.Reader, before, after int) error {
	if _, err := r.Discard(before); err != nil {
		return err
	}
	flags, err := r.ReadByte()
	if err != nil {
		return err
	}
	if flags&0x80 != 0 {
		after += 3 << (flags&7 + 1)
	}
	_, err = r.Discard(after)
	return err
}

func skipBlocks(r *bufio.Reader) error {
	for {
		size, err := r.ReadByte()
		if err != nil || size == 0 {
			return err
		}
		if _, err := r.Discard(int(size)); err != nil {
			return err
		}
	}
}
