package main

import (
	"html/template"
	"log"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

// What somebody sees who opens the link of a folder.
var folderPage = template.Must(template.New("folder").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Title}}</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}li{overflow-wrap:anywhere}small{opacity:.7}</style>
<h1>{{.Title}}</h1><ul>{{range .Items}}<li><a href="{{.Link}}">{{.Name}}</a> {{if .Size}}<small>{{.Size}}</small>{{end}}</li>{{else}}<li>empty</li>{{end}}</ul>
</html>
`))

type folderItem struct{ Name, Link, Size string }

// serveShare answers /s/<token> and, below a shared folder, /s/<token>/<path>. Reading only.
func (store *Store) serveShare(w http.ResponseWriter, r *http.Request) {
	protect(w)
	w.Header().Set("X-Robots-Tag", "noindex")
	w.Header().Set("Cache-Control", "private, no-store")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "a link is for reading", http.StatusMethodNotAllowed)
		return
	}
	token, below, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/s/"), "/")
	home, name, found := store.shared(token)
	if !found {
		http.Error(w, "this link leads nowhere, or it has ended", http.StatusNotFound)
		return
	}
	if below = strings.TrimSuffix(below, "/"); below != "" {
		name = strings.TrimSuffix(name, "/") + "/" + below
	}
	file, err := home.open(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer file.Close()
	if !file.info.IsDir() {
		serveFile(w, r, file, r.URL.Query().Has("download"))
		return
	}
	serveFolder(w, file, strings.TrimSuffix("/s/"+token+"/"+below, "/"))
}

// shared finds what a token stands for, as long as its person has an account and links are allowed.
func (store *Store) shared(token string) (*Home, string, bool) {
	share, found := store.shares.find(token, time.Now())
	if !found || !store.config.Load().ShareLinks {
		return nil, "", false
	}
	home, err := store.homeOf(share.Login)
	return home, share.Path, err == nil
}

func serveFolder(w http.ResponseWriter, folder *readFile, address string) {
	entries, err := folder.sorted()
	if err != nil {
		http.Error(w, "the folder can't be read", http.StatusInternalServerError)
		return
	}
	items := make([]folderItem, 0, len(entries))
	for _, each := range entries {
		item := folderItem{Name: each.Name(), Link: address + "/" + url.PathEscape(each.Name())}
		if each.IsDir() {
			item.Name += "/"
		} else {
			item.Size = readable(each.Size())
		}
		items = append(items, item)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := folderPage.Execute(w, map[string]any{"Title": path.Base(folder.info.Name()), "Items": items}); err != nil {
		log.Printf("files: a folder's page broke off: %v", err)
	}
}

// serveFile sends a file or a range of it; what a browser can't safely show is only offered for download.
func serveFile(w http.ResponseWriter, r *http.Request, file *readFile, download bool) {
	kind := mediaType(file.info.Name())
	disposition := "inline"
	if download || !isSafeToShow(kind) {
		disposition = "attachment"
	}
	if kind == "application/pdf" && disposition == "inline" {
		// Browsers refuse to show PDF in a sandbox; their viewers run nothing of the page's origin.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; plugin-types application/pdf")
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", disposition+"; filename*=UTF-8''"+url.PathEscape(file.info.Name()))
	w.Header().Set("ETag", etag(file.info.FileInfo))
	http.ServeContent(w, r, "", file.info.ModTime(), file)
}
