// Verifier checks a folder that `safeconduct log export` wrote, with none of Safeconduct's code: the signed note and
// the tree are those of Go's checksum database (golang.org/x/mod/sumdb).
//
//	verifier FOLDER VERIFIER-KEY [EARLIER-CHECKPOINT]
//
// It prints one word for the first thing that is wrong, or "sound" and the size.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	if len(os.Args) < 3 {
		refuse("usage", fmt.Errorf("FOLDER VERIFIER-KEY [EARLIER-CHECKPOINT]"))
	}
	folder := os.Args[1]
	verifier, err := note.NewVerifier(os.Args[2])
	refuse("key", err)
	tree := checkpoint(filepath.Join(folder, "checkpoint"), verifier)

	if len(os.Args) > 3 {
		old := checkpoint(os.Args[3], verifier)
		if old.N > tree.N {
			refuse("consistency", fmt.Errorf("the earlier tree is larger"))
		}
		if old.N > 0 {
			proof, err := tlog.ProveTree(tree.N, old.N, hashes(folder, tree))
			refuse("consistency", err)
			refuse("consistency", tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
		}
	}

	for n := int64(0); n < tree.N; {
		width := tree.N - n
		if width > 1<<height {
			width = 1 << height
		}
		bundle := tlog.Tile{H: height, L: -1, N: n >> height, W: int(width)}
		data, err := os.ReadFile(filepath.Join(folder, path(bundle)))
		refuse("bundle", err)
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				refuse("bundle", fmt.Errorf("ends early"))
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			leaf := tlog.RecordHash(data[2:end])
			data = data[end:]
			proof, err := tlog.ProveRecord(tree.N, n+i, hashes(folder, tree))
			refuse("tiles", err)
			refuse("inclusion", tlog.CheckRecord(proof, tree.N, tree.Hash, n+i, leaf))
		}
		if len(data) > 0 {
			refuse("bundle", fmt.Errorf("goes on"))
		}
		n += width
	}
	fmt.Println("sound", tree.N)
}

func checkpoint(file string, verifier note.Verifier) tlog.Tree {
	signed, err := os.ReadFile(file)
	refuse("checkpoint", err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	refuse("signature", err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		refuse("checkpoint", fmt.Errorf("not three lines of this log"))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	refuse("checkpoint", err)
	root, err := tlog.ParseHash(lines[2])
	refuse("checkpoint", err)
	return tlog.Tree{N: size, Hash: root}
}

// hashes reads tiles from the folder and holds each against the root before anything is made of it.
func hashes(folder string, tree tlog.Tree) tlog.HashReader {
	return tlog.TileHashReader(tree, tiles(folder))
}

type tiles string

func (folder tiles) Height() int { return height }

func (folder tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (folder tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(string(folder), path(tile)))
		if err != nil {
			return nil, err
		}
		read = append(read, data)
	}
	return read, nil
}

// path turns Go's "tile/8/0/x001/234" and "tile/8/data/x001/234" into "tile/0/…" and "tile/entries/…".
func path(tile tlog.Tile) string {
	rest := strings.TrimPrefix(tile.Path(), "tile/8/")
	return "tile/" + strings.Replace(rest, "data/", "entries/", 1)
}

func refuse(what string, err error) {
	if err != nil {
		fmt.Println(what)
		fmt.Fprintln(os.Stderr, what+":", err)
		os.Exit(1)
	}
}
