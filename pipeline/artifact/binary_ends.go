package artifact

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// checkBinaryEnd holds a file of those kinds that tell of their length, and of
// which no reader is here, against what they tell.
func (f *subject) checkBinaryEnd(ctx context.Context) error {
	head := make([]byte, 512)
	n, err := f.file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the start of the file: %w", err)
	}
	switch head = head[:n]; {
	case starts(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return f.checkTold(f.oleLength(ctx, head))
	case starts(head, "\x1f\x8b"):
		return f.readGzip(ctx)
	case starts(head, "7z\xbc\xaf\x27\x1c") && n >= 32:
		return f.checkLength(sum(32, binary.LittleEndian.Uint64(head[12:]), binary.LittleEndian.Uint64(head[20:])))
	case starts(head, "RIFF") && n >= 12:
		return f.checkLength(8 + int64(binary.LittleEndian.Uint32(head[4:])))
	case starts(head, "II*\x00"):
		return f.checkTold(f.tiffLength(ctx, binary.LittleEndian))
	case starts(head, "MM\x00*"):
		return f.checkTold(f.tiffLength(ctx, binary.BigEndian))
	case n > 262 && string(head[257:262]) == "ustar":
		return f.readTar(ctx)
	}
	return nil
}

func starts(head []byte, mark string) bool {
	return len(head) >= len(mark) && string(head[:len(mark)]) == mark
}

// sum adds lengths that a file tells; too large a one is as large as can be.
func sum(parts ...uint64) int64 {
	const most = 1 << 62
	var all uint64
	for _, part := range parts {
		if part > most {
			return most
		}
		all = min(all+part, most)
	}
	return int64(all)
}

// checkTold is checkLength for a length that has to be read.
func (f *subject) checkTold(told int64, err error) error {
	if err != nil {
		return err
	}
	return f.checkLength(told)
}

func (f *subject) checkLength(told int64) error {
	if told > f.size {
		return fail("whole", "is cut off: %s of %d bytes that tells of %d", f.desc, f.size, told)
	}
	return nil
}

// oleLength is how long a document of older Office programs must be: up to into
// the last of the sectors that it chains.
func (f *subject) oleLength(ctx context.Context, head []byte) (int64, error) {
	const special = 0xfffffff0
	if len(head) < 512 {
		return 512, nil
	}
	shift := binary.LittleEndian.Uint16(head[30:])
	if shift != 9 && shift != 12 {
		return 0, nil
	}
	sector := int64(1) << shift
	tables, length, err := f.oleTables(ctx, head, sector)
	if err != nil || length > f.size {
		return length, err
	}
	last := int64(-1)
	for i, at := range tables {
		from := (int64(at) + 1) * sector
		if from+sector > f.size {
			return from + sector, nil
		}
		table, err := f.part(ctx, from, from+sector)
		if err != nil {
			return 0, err
		}
		for j := range len(table) / 4 {
			// What no other leads to may be what a program fills the list up with.
			if next := binary.LittleEndian.Uint32(table[4*j:]); next != 0 && next < special {
				last = max(last, int64(i)*sector/4+int64(j), int64(next))
			}
		}
	}
	// Some programs leave the rest of the last sector out.
	return (last+1)*sector + 1, nil
}

// oleTables gives the sectors of the tables by which a document chains its
// sectors. The first stand in its head, those of one beyond 7 MB in a chain of
// sectors, each of which ends with where the next is: length is how far it goes.
func (f *subject) oleTables(ctx context.Context, head []byte, sector int64) (tables []uint32, length int64, err error) {
	const special, inHead = 0xfffffff0, 109
	count := int64(binary.LittleEndian.Uint32(head[44:]))
	next, list := binary.LittleEndian.Uint32(head[68:]), head[76:76+4*inHead]
	for seen := map[uint32]bool{}; ; {
		for i := 0; i+4 <= len(list); i += 4 {
			at := binary.LittleEndian.Uint32(list[i:])
			if int64(len(tables)) == count || at >= special {
				return tables, length, nil
			}
			tables = append(tables, at)
		}
		if next >= special || seen[next] || int64(len(tables)) == count {
			return tables, length, nil
		}
		seen[next] = true
		from := (int64(next) + 1) * sector
		if length = max(length, from+sector); length > f.size {
			return tables, length, nil
		}
		if list, err = f.part(ctx, from, from+sector); err != nil {
			return nil, 0, err
		}
		next, list = binary.LittleEndian.Uint32(list[sector-4:]), list[:sector-4]
	}
}

// readGzip unpacks all, which proves its length and its checksum.
func (f *subject) readGzip(ctx context.Context) error {
	from := bufio.NewReader(&contextReader{ctx: ctx, r: io.NewSectionReader(f.file, 0, f.size)})
	in, err := gzip.NewReader(from)
	for left := max(int64(freeUnpacked), f.size*maxRatio); err == nil; {
		in.Multistream(false)
		n, failed := io.Copy(io.Discard, io.LimitReader(in, left+1))
		if left -= n; failed == nil && left < 0 {
			return fail("whole", "is %s that is not unpacked: %v", f.desc, errBomb)
		}
		err = failed
		if last := err == nil && in.Reset(from) != nil; last {
			break // whatever stands behind it
		}
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fail("whole", "is cut off: %s without its end", f.desc)
	}
	return fail("whole", "is damaged: %s that cannot be unpacked (%v)", f.desc, err)
}

// readTar goes through the files of an archive to the blocks of zeros at its end.
func (f *subject) readTar(ctx context.Context) error {
	const block = 512
	in := tar.NewReader(&contextReader{ctx: ctx, r: io.NewSectionReader(f.file, 0, f.size)})
	for {
		_, err := in.Next()
		switch {
		case err == nil:
			continue
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
			return nil // of a kind that is not known here
		}
		end := make([]byte, block)
		if _, err := f.file.ReadAt(end, max(0, f.size-block)); err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading the end of the file: %w", err)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) || string(end) != string(make([]byte, block)) {
			return fail("whole", "is cut off: %s without its end", f.desc)
		}
		return nil
	}
}

// tiffLength is how far the pictures of a TIFF reach.
func (f *subject) tiffLength(ctx context.Context, order binary.ByteOrder) (int64, error) {
	const offsets, counts, tileOffsets, tileCounts = 273, 279, 324, 325
	length := int64(8)
	at, err := f.part(ctx, 4, 8)
	if err != nil {
		return 0, err
	}
	next := int64(order.Uint32(at))
	for pages := 0; next != 0 && pages < 10_000; pages++ {
		if length = max(length, next+2); length > f.size {
			return length, nil
		}
		head, err := f.part(ctx, next, next+2)
		if err != nil {
			return 0, err
		}
		n := int64(order.Uint16(head))
		if length = max(length, next+2+12*n+4); length > f.size {
			return length, nil
		}
		entries, err := f.part(ctx, next+2, next+2+12*n+4)
		if err != nil {
			return 0, err
		}
		values := map[uint16][]int64{}
		for i := range n {
			entry := entries[12*i : 12*i+12]
			if tag := order.Uint16(entry); tag == offsets || tag == counts || tag == tileOffsets || tag == tileCounts {
				if values[tag], err = f.tiffValues(ctx, order, entry, &length); err != nil || length > f.size {
					return length, err
				}
			}
		}
		for _, pair := range [][2]uint16{{offsets, counts}, {tileOffsets, tileCounts}} {
			for i, from := range values[pair[0]] {
				if i < len(values[pair[1]]) {
					length = max(length, from+values[pair[1]][i])
				}
			}
		}
		next = int64(order.Uint32(entries[12*n:]))
	}
	return length, nil
}

// tiffValues reads the numbers of an entry, which stand in it or elsewhere.
func (f *subject) tiffValues(ctx context.Context, order binary.ByteOrder, entry []byte, length *int64) ([]int64, error) {
	const short, maxValues = 3, 1 << 20
	width := int64(4)
	if order.Uint16(entry[2:]) == short {
		width = 2
	}
	count := min(int64(order.Uint32(entry[4:])), maxValues)
	data := entry[8:]
	if count*width > 4 {
		from := int64(order.Uint32(entry[8:]))
		if *length = max(*length, from+count*width); *length > f.size {
			return nil, nil
		}
		var err error
		if data, err = f.part(ctx, from, from+count*width); err != nil {
			return nil, err
		}
	}
	values := make([]int64, count)
	for i := range values {
		if width == 2 {
			values[i] = int64(order.Uint16(data[2*i:]))
		} else {
			values[i] = int64(order.Uint32(data[4*i:]))
		}
	}
	return values, nil
}
