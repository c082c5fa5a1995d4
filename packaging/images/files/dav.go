package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/url"
	"path"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/webdav"
)

const davPrefix = "/dav"

// publicHandler answers devices and whoever has a share link.
func publicHandler(store *Store) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("/s/", store.serveShare)
	mux.HandleFunc("/dav/", store.serveDAV)
	// Where clients come that were given the address without a path.
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" || r.URL.Path == "/dav" {
			http.Redirect(w, r, "/dav/", http.StatusPermanentRedirect)
			return
		}
		http.NotFound(w, r)
	})
	return mux
}

func (store *Store) serveDAV(w http.ResponseWriter, r *http.Request) {
	login, password, _ := r.BasicAuth()
	account, found := store.account(login)
	if !account.accepts(password) || !found {
		if login != "" {
			log.Printf("files: wrong password for %q", login)
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="files", charset="UTF-8"`)
		http.Error(w, "login and app password, please", http.StatusUnauthorized)
		return
	}
	home, err := store.home(account)
	if err != nil {
		log.Printf("files: %v", err)
		http.Error(w, "the files can't be reached", http.StatusInternalServerError)
		return
	}
	protect(w)
	r.Body = steady(w, r)
	defer drain(r)
	if status := home.refusal(r); status != 0 {
		http.Error(w, http.StatusText(status), status)
		return
	}
	if r.Method == http.MethodGet && home.isFolder(strings.TrimPrefix(r.URL.Path, davPrefix)) {
		http.Error(w, "This is a folder. Open it with a WebDAV client, or use the cell's page.", http.StatusMethodNotAllowed)
		return
	}
	// RFC 4918 §10.6: without the header as with T; the library takes it for F when it moves.
	if r.Method == "MOVE" && r.Header.Get("Overwrite") == "" {
		r.Header.Set("Overwrite", "T")
	}
	result := &outcome{}
	r = r.WithContext(context.WithValue(r.Context(), outcome{}, result))
	handler := webdav.Handler{Prefix: davPrefix, FileSystem: tree{home}, LockSystem: home.locks}
	handler.ServeHTTP(&translator{w, result}, r)
}

// drain takes what a client still sends after it was refused: closing the line in the middle of it would cut off the answer as well.
// Who sends more than this has to live with that.
func drain(r *http.Request) {
	const most = 16 << 20
	_, _ = io.CopyN(io.Discard, r.Body, most)
}

func (home *Home) isFolder(name string) bool {
	info, err := home.stat(name)
	return err == nil && info.IsDir()
}

// refusal is the status of what the library would take but should not, or 0.
func (home *Home) refusal(r *http.Request) int {
	name := strings.TrimPrefix(r.URL.Path, davPrefix)
	if _, err := local(name); err != nil {
		return http.StatusBadRequest
	}
	switch r.Method {
	case "PROPFIND":
		// The whole tree in one answer has no bound.
		if depth := r.Header.Get("Depth"); depth != "0" && depth != "1" && home.isFolder(name) {
			return http.StatusForbidden
		}
	case http.MethodPut:
		return home.refusedPut(name, r)
	case http.MethodDelete:
		return home.preconditions(name, r)
	case "MOVE", "COPY":
		return home.refusedTarget(name, r.Header.Get("Destination"))
	}
	return 0
}

func (home *Home) refusedPut(name string, r *http.Request) int {
	if r.Header.Get("Content-Range") != "" {
		return http.StatusBadRequest
	}
	if home.isFolder(name) {
		return http.StatusMethodNotAllowed
	}
	if status := home.preconditions(name, r); status != 0 {
		return status
	}
	_, _, free := home.usage.room(home.folder)
	if info, err := home.stat(name); err == nil {
		free += info.Size()
	}
	if r.ContentLength > free {
		return http.StatusInsufficientStorage
	}
	return 0
}

// preconditions of RFC 9110, 13.1, with which sync programs keep from overwriting what they have not seen.
func (home *Home) preconditions(name string, r *http.Request) int {
	tag := ""
	if info, err := home.stat(name); err == nil {
		tag = etag(info)
	}
	match, none := r.Header.Get("If-Match"), r.Header.Get("If-None-Match")
	if match != "" && (tag == "" || match != "*" && !strings.Contains(match, tag)) {
		return http.StatusPreconditionFailed
	}
	if none != "" && tag != "" && (none == "*" || strings.Contains(none, tag)) {
		return http.StatusPreconditionFailed
	}
	return 0
}

// refusedTarget: RFC 4918 wants 409 where the folder that something should go to is missing, and 403 where it goes into itself or over
// a folder that it lies in. The library would remove the target first, and the source with it.
func (home *Home) refusedTarget(from, destination string) int {
	to, err := url.Parse(destination)
	if err != nil || !strings.HasPrefix(to.Path, davPrefix+"/") {
		return 0 // the library's to refuse
	}
	name := strings.TrimPrefix(to.Path, davPrefix)
	if _, err := local(name); err != nil {
		return http.StatusBadRequest
	}
	if inside(from, name) || inside(name, from) {
		return http.StatusForbidden
	}
	if !home.isFolder(path.Dir(strings.TrimSuffix(name, "/"))) {
		return http.StatusConflict
	}
	return 0
}

// outcome is what the library's status does not tell apart.
type outcome struct{ full bool }

func outcomeOf(ctx context.Context) *outcome {
	if result, found := ctx.Value(outcome{}).(*outcome); found {
		return result
	}
	return &outcome{}
}

func (result *outcome) note(err error) {
	if errors.Is(err, errQuota) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		result.full = true
	}
}

// translator gives the status that fits.
type translator struct {
	http.ResponseWriter
	result *outcome
}

func (t *translator) WriteHeader(status int) {
	if status >= 400 && t.result.full {
		status = http.StatusInsufficientStorage
	}
	t.ResponseWriter.WriteHeader(status)
}

func (t *translator) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// protect keeps a browser from running what somebody stored.
func protect(w http.ResponseWriter) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'")
	w.Header().Set("Referrer-Policy", "no-referrer")
}

const stallLimit = time.Minute

// steadyBody ends a request of which nothing comes for a minute.
type steadyBody struct {
	io.ReadCloser
	control *http.ResponseController
}

func steady(w http.ResponseWriter, r *http.Request) io.ReadCloser {
	return steadyBody{r.Body, http.NewResponseController(w)}
}

func (body steadyBody) Read(bytes []byte) (int, error) {
	_ = body.control.SetReadDeadline(time.Now().Add(stallLimit))
	return body.ReadCloser.Read(bytes)
}

var _ fs.FileInfo = entry{}
