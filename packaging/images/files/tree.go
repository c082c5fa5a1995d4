package main

import (
	"context"
	"encoding/xml"
	"io/fs"
	"net/http"
	"os"
	"strconv"

	"golang.org/x/net/webdav"
)

// tree is a home as WebDAV's library sees it.
type tree struct{ home *Home }

func (t tree) Mkdir(_ context.Context, name string, _ os.FileMode) error {
	return t.home.makeFolder(name)
}

func (t tree) RemoveAll(_ context.Context, name string) error { return t.home.remove(name) }

func (t tree) Rename(_ context.Context, from, to string) error { return t.home.rename(from, to) }

func (t tree) Stat(_ context.Context, name string) (os.FileInfo, error) { return t.home.stat(name) }

// OpenFile writes only where a file is to be made: PROPPATCH opens for writing too, but has nothing to write.
func (t tree) OpenFile(ctx context.Context, name string, flag int, _ os.FileMode) (webdav.File, error) {
	if flag&os.O_TRUNC != 0 {
		file, err := t.home.create(name)
		if err != nil {
			return nil, err
		}
		return &watchedFile{file, outcomeOf(ctx)}, nil
	}
	return t.home.open(name)
}

// watchedFile tells the request why writing failed: the library only says that it did.
type watchedFile struct {
	*writeFile
	outcome *outcome
}

func (file *watchedFile) Close() error {
	err := file.writeFile.Close()
	if err != nil {
		file.outcome.note(err)
	}
	return err
}

// readFile is a file or folder that is only read.
type readFile struct {
	*os.File
	home *Home
	info entry
}

func (home *Home) open(name string) (*readFile, error) {
	info, err := home.stat(name)
	if err != nil {
		return nil, err
	}
	place, err := local(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return nil, fs.ErrNotExist
	}
	file, err := home.root.Open(place)
	if err != nil {
		return nil, err
	}
	return &readFile{file, home, info.(entry)}, nil
}

func (file *readFile) Stat() (fs.FileInfo, error) { return file.info, nil }

func (file *readFile) Readdir(count int) ([]fs.FileInfo, error) {
	all, err := file.File.Readdir(count)
	for i, info := range all {
		all[i] = entry{info, info.Name()}
	}
	return all, err
}

func (file *readFile) Write([]byte) (int, error) { return 0, fs.ErrPermission }

// DeadProps gives folders the properties of RFC 4331, which the library does not know.
func (file *readFile) DeadProps() (map[xml.Name]webdav.Property, error) {
	if !file.info.IsDir() {
		return nil, nil
	}
	used, limit, free := file.home.usage.room(file.home.folder)
	values := map[string]int64{"quota-used-bytes": used}
	if limit > 0 {
		values["quota-available-bytes"] = free
	}
	properties := map[xml.Name]webdav.Property{}
	for name, value := range values {
		key := xml.Name{Space: "DAV:", Local: name}
		properties[key] = webdav.Property{XMLName: key, InnerXML: []byte(strconv.FormatInt(value, 10))}
	}
	return properties, nil
}

// Patch keeps no properties of clients: each is refused, as RFC 4918 (9.2) lets a server do.
func (file *readFile) Patch(patches []webdav.Proppatch) ([]webdav.Propstat, error) {
	refused := webdav.Propstat{Status: http.StatusForbidden}
	for _, patch := range patches {
		for _, property := range patch.Props {
			refused.Props = append(refused.Props, webdav.Property{XMLName: property.XMLName})
		}
	}
	return []webdav.Propstat{refused}, nil
}
