package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sort"
	"strings"
	"sync"
	"time"
)

const (
	chunkBytes    = 8 << 20  // what we advise: little is lost when a connection breaks
	maxChunkBytes = 64 << 20 // what a proxy between may have to hold
	uploadLife    = 48 * time.Hour
	maxUploads    = 64
)

// Upload is a file that comes in pieces. Its bytes lie in uploads/<id>, what it is to become in uploads/<id>.json.
type Upload struct {
	ID        string    `json:"id"`
	Path      string    `json:"path"`
	Size      int64     `json:"size"`
	Created   time.Time `json:"created"`
	Overwrite bool      `json:"overwrite"`
	Modified  time.Time `json:"modified,omitzero"`
	credit    int64     // bytes of the file that it replaces: they don't count twice
	mutex     sync.Mutex
}

var errTooManyUploads = errors.New("64 uploads are unfinished already")

func (upload *Upload) place() string   { return path.Join(uploadsFolder, upload.ID) }
func (upload *Upload) reserved() int64 { return max(upload.Size-upload.credit, 0) }

// offset is how much of it is there; the file itself is the only record.
func (home *Home) offset(upload *Upload) (int64, time.Time, error) {
	info, err := home.root.Stat(upload.place())
	if err != nil {
		return 0, time.Time{}, err
	}
	return info.Size(), info.ModTime(), nil
}

func (home *Home) loadUploads() error {
	entries, err := fs.ReadDir(home.root.FS(), uploadsFolder)
	if err != nil {
		return err
	}
	for _, each := range entries {
		if strings.HasPrefix(each.Name(), putPrefix) {
			_ = home.root.Remove(path.Join(uploadsFolder, each.Name()))
			continue
		}
		if !strings.HasSuffix(each.Name(), ".json") {
			continue
		}
		text, err := home.root.ReadFile(path.Join(uploadsFolder, each.Name()))
		upload := &Upload{}
		if err != nil || json.Unmarshal(text, upload) != nil || upload.ID+".json" != each.Name() {
			continue
		}
		home.uploads[upload.ID] = upload
		_ = home.usage.reserve(upload.reserved())
	}
	return nil
}

// begin takes the upload on: from here on its bytes are kept free for it.
func (home *Home) begin(upload *Upload) error {
	place, err := local(upload.Path)
	if err != nil {
		return err
	}
	if upload.credit, err = home.replaceable(place); err != nil {
		return err
	}
	if _, err := home.root.Stat(place); err == nil && !upload.Overwrite {
		return fs.ErrExist
	}
	upload.ID = randomName()
	text, err := json.Marshal(upload)
	if err != nil {
		return err
	}
	if err := home.adopt(upload); err != nil {
		return err
	}
	err = home.root.WriteFile(upload.place(), nil, 0o600)
	if err == nil {
		err = home.root.WriteFile(upload.place()+".json", text, 0o600)
	}
	if err != nil {
		home.cancel(upload)
	}
	return err
}

func (home *Home) adopt(upload *Upload) error {
	home.mutex.Lock()
	defer home.mutex.Unlock()
	if len(home.uploads) >= maxUploads {
		return errTooManyUploads
	}
	if _, _, free := home.usage.room(home.folder); upload.reserved() > free {
		return errQuota
	}
	if err := home.usage.reserve(upload.reserved()); err != nil {
		return err
	}
	home.uploads[upload.ID] = upload
	return nil
}

func (home *Home) upload(id string) (*Upload, bool) {
	home.mutex.Lock()
	defer home.mutex.Unlock()
	upload, found := home.uploads[id]
	return upload, found
}

func (home *Home) unfinished() []*Upload {
	home.mutex.Lock()
	defer home.mutex.Unlock()
	all := make([]*Upload, 0, len(home.uploads))
	for _, upload := range home.uploads {
		all = append(all, upload)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Created.Before(all[j].Created) })
	return all
}

// wrongOffset says where the client has to go on.
type wrongOffset struct{ offset int64 }

func (e wrongOffset) Error() string {
	return fmt.Sprintf("the server has %d bytes: go on from there", e.offset)
}

var errTooLong = errors.New("more bytes than the upload, or than one request may have")

// append adds the next bytes; what came before a break stays. It answers the offset afterwards.
func (home *Home) append(upload *Upload, offset int64, body io.Reader) (int64, error) {
	if !upload.mutex.TryLock() {
		return 0, errBusy
	}
	defer upload.mutex.Unlock()
	have, _, err := home.offset(upload)
	if err != nil {
		return 0, err
	}
	if offset != have {
		return have, wrongOffset{have}
	}
	file, err := home.root.OpenFile(upload.place(), os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return have, err
	}
	limit := min(upload.Size-have, maxChunkBytes)
	count, err := io.CopyBuffer(struct{ io.Writer }{file}, io.LimitReader(body, limit), make([]byte, 256<<10))
	if err == nil && count == limit {
		// Whatever follows belongs nowhere.
		if extra, _ := body.Read(make([]byte, 1)); extra > 0 {
			err = errTooLong
		}
	}
	return have + count, errors.Join(err, file.Sync(), file.Close())
}

var errBusy = errors.New("another request writes to this upload")

// finish puts the whole file into its place. Nobody writes to the upload or takes it back meanwhile.
func (home *Home) finish(upload *Upload) error {
	if !upload.mutex.TryLock() {
		return errBusy
	}
	defer upload.mutex.Unlock()
	if err := home.putInPlace(upload.place(), upload.Path, upload.reserved(), upload.Modified, upload.Overwrite); err != nil {
		return err
	}
	home.forget(upload)
	return nil
}

// forget tells whether the upload was still there: who ends it settles its reservation, once.
func (home *Home) forget(upload *Upload) bool {
	home.mutex.Lock()
	defer home.mutex.Unlock()
	if home.uploads[upload.ID] != upload {
		return false
	}
	delete(home.uploads, upload.ID)
	_ = home.root.Remove(upload.place())
	_ = home.root.Remove(upload.place() + ".json")
	return true
}

// cancel is for who holds the upload's mutex, or knows that nobody else has the upload yet.
func (home *Home) cancel(upload *Upload) {
	if home.forget(upload) {
		home.usage.settle(upload.reserved(), 0)
	}
}

func (home *Home) removeExpired(now time.Time) {
	for _, upload := range home.unfinished() {
		if !upload.mutex.TryLock() {
			continue
		}
		if _, touched, err := home.offset(upload); err != nil || now.Sub(touched) > uploadLife {
			home.cancel(upload)
		}
		upload.mutex.Unlock()
	}
}
