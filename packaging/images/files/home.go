package main

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"syscall"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/webdav"
)

const (
	filesFolder   = "files"
	uploadsFolder = "uploads" // what is not whole yet; beside the files, so that it can be renamed into place
	putPrefix     = "put-"    // nobody resumes these
)

// Home is one person's tree. Every path goes through os.Root, which no name and no symbolic link leads out of.
type Home struct {
	login   string
	folder  string
	root    *os.Root
	usage   *Usage
	locks   webdav.LockSystem
	mutex   sync.Mutex // names that come and go, and uploads
	uploads map[string]*Upload
}

func openHome(login, folder string) (*Home, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	home := &Home{login: login, folder: folder, root: root, usage: &Usage{}, locks: webdav.NewMemLS(), uploads: map[string]*Upload{}}
	used, err := home.treeSize(filesFolder)
	if err != nil {
		return nil, err
	}
	home.usage.set(used)
	return home, home.loadUploads()
}

var errBadPath = errors.New("not a usable path")

// local is where a path of the person's tree stands below the root: "/a/b" → "files/a/b".
func local(name string) (string, error) {
	if !strings.HasPrefix(name, "/") || !utf8.ValidString(name) || len(name) > 4096 {
		return "", errBadPath
	}
	for part := range strings.SplitSeq(strings.Trim(name, "/"), "/") {
		if part == "." || part == ".." || len(part) > 255 || strings.IndexFunc(part, unicode.IsControl) >= 0 {
			return "", errBadPath
		}
	}
	return path.Join(filesFolder, path.Clean(name)), nil
}

func (home *Home) stat(name string) (fs.FileInfo, error) {
	place, err := local(name)
	if err != nil {
		return nil, err
	}
	info, err := home.root.Stat(place)
	if err != nil {
		return nil, err
	}
	if place == filesFolder {
		return entry{info, "/"}, nil
	}
	return entry{info, path.Base(place)}, nil
}

func (home *Home) treeSize(place string) (int64, error) {
	var size int64
	err := fs.WalkDir(home.root.FS(), place, func(_ string, each fs.DirEntry, err error) error {
		if err != nil || each.IsDir() {
			return err
		}
		info, err := each.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	return size, err
}

func (home *Home) makeFolder(name string) error {
	place, err := local(name)
	if err != nil {
		return err
	}
	return home.root.Mkdir(place, 0o700)
}

// remove takes a file, or a folder with all that is in it; the root of the tree stays.
func (home *Home) remove(name string) error {
	place, err := local(name)
	if err != nil {
		return err
	}
	if place == filesFolder {
		return syscall.EPERM
	}
	home.mutex.Lock()
	defer home.mutex.Unlock()
	size, err := home.treeSize(place)
	if err != nil {
		return err
	}
	if err := home.root.RemoveAll(place); err != nil {
		left, _ := home.treeSize(place)
		home.usage.settle(0, left-size)
		return err
	}
	home.usage.settle(0, -size)
	return nil
}

// ends are the places of a move; nothing moves the root, or into itself.
func ends(from, to string) (source, target string, err error) {
	if source, err = local(from); err != nil {
		return
	}
	if target, err = local(to); err != nil {
		return
	}
	if source == filesFolder || target == filesFolder {
		err = syscall.EPERM
	} else if strings.HasPrefix(target+"/", source+"/") {
		err = syscall.EINVAL
	}
	return
}

// rename moves a file or folder to a name that is free.
func (home *Home) rename(from, to string) error {
	source, target, err := ends(from, to)
	if err != nil {
		return err
	}
	home.mutex.Lock()
	defer home.mutex.Unlock()
	if _, err := home.root.Stat(target); err == nil {
		return fs.ErrExist
	}
	return home.root.Rename(source, target)
}

func randomName() string { return strings.ToLower(rand.Text()) }
