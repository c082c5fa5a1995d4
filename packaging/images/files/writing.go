package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"
)

// writeFile is a file that is being written beside its place. Close puts it there whole, or leaves what was there.
type writeFile struct {
	*os.File
	home     *Home
	name     string // in the person's tree
	temp     string // below the root
	credit   int64  // bytes of the file that it will replace
	written  int64
	reserved int64
	failed   error
}

// create begins a file. fs.ErrNotExist: there is no such folder.
func (home *Home) create(name string) (*writeFile, error) {
	place, err := local(name)
	if err != nil {
		return nil, err
	}
	credit, err := home.replaceable(place)
	if err != nil {
		return nil, err
	}
	temp := path.Join(uploadsFolder, putPrefix+randomName())
	file, err := home.root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &writeFile{File: file, home: home, name: name, temp: temp, credit: credit}, nil
}

// replaceable tells the size of what stands at a place that a file may go to.
func (home *Home) replaceable(place string) (int64, error) {
	if info, err := home.root.Stat(path.Dir(place)); err != nil {
		return 0, err
	} else if !info.IsDir() {
		return 0, fs.ErrNotExist
	}
	info, err := home.root.Stat(place)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err == nil && info.IsDir() {
		err = syscall.EISDIR
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (file *writeFile) Write(bytes []byte) (int, error) {
	if need := file.written + int64(len(bytes)) - file.credit - file.reserved; need > 0 {
		if err := file.home.usage.reserve(need); err != nil {
			file.failed = err
			return 0, err
		}
		file.reserved += need
	}
	count, err := file.File.Write(bytes)
	file.written += int64(count)
	if err != nil {
		file.failed = err
	}
	return count, err
}

// WriteString, and WriteAt: the ways of the file below that would pass the quota by.
func (file *writeFile) WriteString(text string) (int, error) { return file.Write([]byte(text)) }

func (file *writeFile) WriteAt([]byte, int64) (int, error) { return 0, fs.ErrPermission }

// ReadFrom is what io.Copy calls: a source that breaks off fails the file, so that Close does not put half of it into place.
func (file *writeFile) ReadFrom(source io.Reader) (int64, error) {
	before := file.written
	_, err := io.CopyBuffer(struct{ io.Writer }{file}, struct{ io.Reader }{source}, make([]byte, 256<<10))
	if err != nil && file.failed == nil {
		file.failed = err
	}
	return file.written - before, err
}

func (file *writeFile) Stat() (fs.FileInfo, error) {
	info, err := file.File.Stat()
	if err != nil {
		return nil, err
	}
	return entry{info, path.Base(file.name)}, nil
}

func (file *writeFile) Close() error {
	err := errors.Join(file.failed, file.File.Sync(), file.File.Close())
	if err == nil {
		if err = file.home.putInPlace(file.temp, file.name, file.reserved, time.Time{}, true); err == nil {
			return nil
		}
	}
	file.home.usage.settle(file.reserved, 0)
	return errors.Join(err, file.home.root.Remove(file.temp))
}

// putInPlace renames what was written to where it belongs, in one step for whoever looks.
func (home *Home) putInPlace(temp, name string, reserved int64, modified time.Time, overwrite bool) error {
	place, err := local(name)
	if err != nil {
		return err
	}
	home.mutex.Lock()
	defer home.mutex.Unlock()
	before, err := home.replaceable(place)
	if err != nil {
		return err
	}
	if _, err := home.root.Stat(place); err == nil && !overwrite {
		return fs.ErrExist
	}
	if !modified.IsZero() {
		if err := home.root.Chtimes(temp, modified, modified); err != nil {
			return err
		}
	}
	info, err := home.root.Stat(temp)
	if err != nil {
		return err
	}
	if err := home.root.Rename(temp, place); err != nil {
		return err
	}
	home.usage.settle(reserved, info.Size()-before)
	return nil
}
