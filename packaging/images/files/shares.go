package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

const (
	maxShares     = 1000 // a person
	shareLifeKept = 7 * 24 * time.Hour
)

// Share is a link that needs no password. Who has the file of shares can't make the links of it: only a hash of the token is kept.
type Share struct {
	ID      string    `json:"id"`
	Hash    string    `json:"hash"` // SHA-256 of the token; it has 256 bits, so nothing slower is needed
	Login   string    `json:"login"`
	Path    string    `json:"path"`
	Label   string    `json:"label"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires,omitzero"` // zero: never
}

func (share Share) isExpired(now time.Time) bool {
	return !share.Expires.IsZero() && !now.Before(share.Expires)
}

// Shares is the list of all links, kept in one file.
type Shares struct {
	mutex sync.Mutex
	file  string
	list  []Share
}

func openShares(file string) (*Shares, error) {
	shares := &Shares{file: file}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return shares, nil
	}
	if err != nil {
		return nil, err
	}
	return shares, json.Unmarshal(text, &shares.list)
}

func hashOf(token string) string {
	digest := sha256.Sum256([]byte(token))
	return hex.EncodeToString(digest[:])
}

var errTooManyShares = errors.New("1000 links are there already")

// add keeps the share and answers its token, which is never seen again.
func (shares *Shares) add(share Share) (Share, string, error) {
	var random [32]byte
	rand.Read(random[:])
	token := base64.RawURLEncoding.EncodeToString(random[:])
	share.ID, share.Hash = randomName(), hashOf(token)
	shares.mutex.Lock()
	defer shares.mutex.Unlock()
	if len(shares.of(share.Login)) >= maxShares {
		return Share{}, "", errTooManyShares
	}
	return share, token, shares.keep(append(slices.Clone(shares.list), share))
}

func (shares *Shares) of(login string) []Share {
	return slices.DeleteFunc(slices.Clone(shares.list), func(share Share) bool { return share.Login != login })
}

func (shares *Shares) listOf(login string) []Share {
	shares.mutex.Lock()
	defer shares.mutex.Unlock()
	return shares.of(login)
}

func (shares *Shares) remove(login, id string) error {
	shares.mutex.Lock()
	defer shares.mutex.Unlock()
	index := slices.IndexFunc(shares.list, func(share Share) bool { return share.Login == login && share.ID == id })
	if index < 0 {
		return fs.ErrNotExist
	}
	return shares.keep(slices.Delete(slices.Clone(shares.list), index, index+1))
}

// find looks a token up by its hash: how long that takes tells nothing of the tokens that are there.
func (shares *Shares) find(token string, now time.Time) (Share, bool) {
	hash := hashOf(token)
	shares.mutex.Lock()
	defer shares.mutex.Unlock()
	index := slices.IndexFunc(shares.list, func(share Share) bool { return share.Hash == hash })
	if index < 0 || shares.list[index].isExpired(now) {
		return Share{}, false
	}
	return shares.list[index], true
}

// removeExpired lets links that ended go after their maker had a week to see that they did.
func (shares *Shares) removeExpired(now time.Time) error {
	shares.mutex.Lock()
	defer shares.mutex.Unlock()
	left := slices.DeleteFunc(slices.Clone(shares.list), func(share Share) bool { return share.isExpired(now.Add(-shareLifeKept)) })
	if len(left) == len(shares.list) {
		return nil
	}
	return shares.keep(left)
}

// keep writes the list; memory follows only when the disk has it.
func (shares *Shares) keep(list []Share) error {
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	if err := writeWhole(shares.file, text); err != nil {
		return err
	}
	shares.list = list
	return nil
}

func writeWhole(name string, text []byte) error {
	file, err := os.OpenFile(name+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(name+".new", name); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
