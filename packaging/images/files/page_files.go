package main

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
)

func getMe(c *call) error {
	used, limit, free := c.home.usage.room(c.home.folder)
	account, _ := c.store.account(c.home.login)
	var quota any
	if limit > 0 {
		quota = limit
	}
	return c.answer(http.StatusOK, map[string]any{"login": account.Login, "name": account.Name, "quota_bytes": quota, "used_bytes": used, "free_bytes": free,
		"chunk_bytes": chunkBytes, "max_chunk_bytes": maxChunkBytes, "shares": c.config.ShareLinks, "webdav": c.config.Address + davPrefix + "/"})
}

func invalid(detail string) error {
	return problem{http.StatusBadRequest, "invalid_argument", detail}
}

// number is a parameter of the query within bounds.
func (c *call) number(name string, fallback, most int) (int, error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return fallback, nil
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < 0 || value > most {
		return 0, invalid(name + " is not a number from 0 to " + strconv.Itoa(most))
	}
	return value, nil
}

func getList(c *call) error {
	offset, err := c.number("offset", 0, 1<<30)
	if err != nil {
		return err
	}
	limit, err := c.number("limit", 1000, 5000)
	if err != nil {
		return err
	}
	name := c.r.URL.Query().Get("path")
	folder, err := c.home.open(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	if !folder.info.IsDir() {
		return invalid("this is a file")
	}
	all, err := folder.sorted()
	if err != nil {
		return err
	}
	shown := all[min(offset, len(all)):min(offset+limit, len(all))]
	items := make([]Item, 0, len(shown))
	for _, info := range shown {
		items = append(items, itemOf(path.Join(name, info.Name()), info))
	}
	return c.answer(http.StatusOK, map[string]any{"path": path.Clean(name), "total": len(all), "items": items})
}

func getItem(c *call) error {
	name := c.r.URL.Query().Get("path")
	info, err := c.home.stat(name)
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, itemOf(name, info))
}

func getContent(c *call) error {
	file, err := c.home.open(c.r.URL.Query().Get("path"))
	if err != nil {
		return err
	}
	defer file.Close()
	if file.info.IsDir() {
		return invalid("this is a folder")
	}
	// Ranges of one file are asked for one after the other: it may stay in the browser while the page is open.
	c.w.Header().Set("Cache-Control", "private, no-cache")
	serveFile(c.w, c.r, file, c.r.URL.Query().Get("download") == "1")
	return nil
}

func (c *call) answerItem(status int, name string) error {
	info, err := c.home.stat(name)
	if err != nil {
		return err
	}
	return c.answer(status, itemOf(name, info))
}

func postFolder(c *call) error {
	var wanted struct {
		Path string `json:"path"`
	}
	if err := c.read(&wanted); err != nil {
		return err
	}
	if err := c.home.makeFolder(wanted.Path); err != nil {
		return err
	}
	return c.answerItem(http.StatusCreated, wanted.Path)
}

type transfer struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Overwrite bool   `json:"overwrite"`
}

// clear makes room at the place that something goes to.
func (c *call) clear(way transfer) error {
	if _, err := c.home.stat(way.From); err != nil {
		return err
	}
	if inside(way.From, way.To) {
		return invalid("a folder can't go into itself")
	}
	info, err := c.home.stat(way.To)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	// Replacing a whole folder is never meant.
	if !way.Overwrite || info.IsDir() || inside(way.To, way.From) {
		return fs.ErrExist
	}
	return nil
}

func inside(folder, name string) bool {
	folder, name = path.Clean(folder), path.Clean(name)
	return folder == name || folder == "/" || len(name) > len(folder) && name[:len(folder)+1] == folder+"/"
}

func postMove(c *call) error {
	var way transfer
	if err := c.read(&way); err != nil {
		return err
	}
	if err := c.clear(way); err != nil {
		return err
	}
	if err := c.home.replace(way.From, way.To); err != nil {
		return err
	}
	return c.answerItem(http.StatusOK, way.To)
}

func postCopy(c *call) error {
	var way transfer
	if err := c.read(&way); err != nil {
		return err
	}
	if err := c.clear(way); err != nil {
		return err
	}
	if err := c.home.copyTree(way.From, way.To); err != nil {
		return err
	}
	return c.answerItem(http.StatusCreated, way.To)
}

// copyTree copies a file, or a folder with all that is in it. What was copied before a failure stays: it is whole files.
func (home *Home) copyTree(from, to string) error {
	source, err := home.open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	if !source.info.IsDir() {
		target, err := home.create(to)
		if err != nil {
			return err
		}
		_, err = io.Copy(target, source)
		return errors.Join(err, target.Close())
	}
	if err := home.makeFolder(to); err != nil {
		return err
	}
	entries, err := source.sorted()
	if err != nil {
		return err
	}
	for _, each := range entries {
		if err := home.copyTree(path.Join(from, each.Name()), path.Join(to, each.Name())); err != nil {
			return err
		}
	}
	return nil
}

func postDelete(c *call) error {
	var wanted struct {
		Paths []string `json:"paths"`
	}
	if err := c.read(&wanted); err != nil {
		return err
	}
	if len(wanted.Paths) == 0 || len(wanted.Paths) > 1000 {
		return invalid("paths needs 1 to 1000 paths")
	}
	deleted, failed := 0, []map[string]string{}
	for _, name := range wanted.Paths {
		_, err := c.home.stat(name)
		if err == nil {
			err = c.home.remove(name)
		}
		if err != nil {
			failed = append(failed, map[string]string{"path": name, "detail": problemOf(err).Detail})
			continue
		}
		deleted++
	}
	return c.answer(http.StatusOK, map[string]any{"deleted": deleted, "failed": failed})
}

// replace moves a file or folder, over a file that may be there.
func (home *Home) replace(from, to string) error {
	source, target, err := ends(from, to)
	if err != nil {
		return err
	}
	home.mutex.Lock()
	defer home.mutex.Unlock()
	var before int64
	if info, err := home.root.Stat(target); err == nil {
		before = info.Size()
	}
	if err := home.root.Rename(source, target); err != nil {
		return err
	}
	home.usage.settle(0, -before)
	return nil
}
