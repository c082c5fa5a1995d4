package main

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log"
	"net/http"
	"strings"
	"syscall"
)

const apiPrefix = "/_cell/v1"

// pageHandler is the API of the cell's web UI. The cell's proxy has checked who is logged in, and says so in X-Cell-Person; that it is
// the proxy who says so is proven by X-Cell-Key: other containers reach this port as well.
func pageHandler(store *Store) http.Handler {
	mux := http.NewServeMux()
	for pattern, handle := range map[string]handler{
		"GET /me": getMe, "GET /list": getList, "GET /item": getItem, "GET /content": getContent,
		"POST /folders": postFolder, "POST /move": postMove, "POST /copy": postCopy, "POST /delete": postDelete,
		"GET /uploads": getUploads, "POST /uploads": postUpload, "GET /uploads/{id}": getUpload, "PATCH /uploads/{id}": patchUpload,
		"DELETE /uploads/{id}": deleteUpload, "GET /shares": getShares, "POST /shares": postShare, "DELETE /shares/{id}": deleteShare,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+apiPrefix+path, store.guarded(handle))
	}
	return store.guardedByProxy(mux)
}

type handler func(call *call) error

// call is one request of a person.
type call struct {
	store  *Store
	config *Config
	home   *Home
	w      http.ResponseWriter
	r      *http.Request
}

func (store *Store) guardedByProxy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		config := store.config.Load()
		protect(w)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Vary", "Origin")
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Cell-Key")), []byte(config.ProxyKey)) != 1 {
			writeProblem(w, problem{http.StatusForbidden, "forbidden", "this port is for the cell's proxy"})
			return
		}
		origin := r.Header.Get("Origin")
		if origin != "" && config.allows(origin) {
			allowOrigin(w, origin)
		}
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		changes := r.Method != http.MethodGet && r.Method != http.MethodHead
		if changes && (r.Header.Get("X-Cell-Files") == "" || origin != "" && !config.allows(origin)) {
			writeProblem(w, problem{http.StatusForbidden, "forbidden", "changes come from the cell's own page only"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func allowOrigin(w http.ResponseWriter, origin string) {
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Allow-Credentials", "true")
	w.Header().Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PATCH, DELETE")
	w.Header().Set("Access-Control-Allow-Headers", "Content-Type, Upload-Offset, Range, If-Range, If-None-Match, X-Cell-Files")
	w.Header().Set("Access-Control-Expose-Headers", "Upload-Offset, Content-Range, Content-Disposition, ETag")
	w.Header().Set("Access-Control-Max-Age", "600")
}

func (store *Store) guarded(handle handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		home, err := store.homeOf(r.Header.Get("X-Cell-Person"))
		if err != nil {
			writeProblem(w, problem{http.StatusForbidden, "forbidden", "this person has no account here"})
			return
		}
		r.Body = steady(w, r)
		if err := handle(&call{store, store.config.Load(), home, w, r}); err != nil {
			writeProblem(w, problemOf(err))
		}
	}
}

const maxDocument = 1 << 20

// read takes the body's JSON, and no member that the request does not have.
func (c *call) read(into any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(c.w, c.r.Body, maxDocument))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return problem{http.StatusBadRequest, "invalid_argument", "the body is not the JSON that is wanted: " + err.Error()}
	}
	if _, err := decoder.Token(); err != io.EOF {
		return problem{http.StatusBadRequest, "invalid_argument", "there is something after the JSON"}
	}
	return nil
}

func (c *call) answer(status int, document any) error {
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	return json.NewEncoder(c.w).Encode(document)
}

// problem is an error as the client gets it.
type problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (p problem) Error() string { return p.Detail }

func problemOf(err error) problem {
	var own problem
	var offset wrongOffset
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &offset), errors.Is(err, errBusy), errors.Is(err, errTooManyUploads), errors.Is(err, errTooManyShares):
		return problem{http.StatusConflict, "conflict", err.Error()}
	case errors.Is(err, errBadPath), errors.Is(err, syscall.ENAMETOOLONG), errors.Is(err, syscall.EINVAL), errors.Is(err, errTooLong):
		return problem{http.StatusBadRequest, "invalid_argument", err.Error()}
	case errors.Is(err, errQuota):
		return problem{http.StatusInsufficientStorage, "quota", err.Error()}
	case errors.Is(err, syscall.ENOSPC):
		return problem{http.StatusInsufficientStorage, "disk_full", "the disk is full"}
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return problem{http.StatusNotFound, "not_found", "there is nothing of this name"}
	case errors.Is(err, fs.ErrExist), errors.Is(err, syscall.EISDIR):
		return problem{http.StatusConflict, "conflict", "there is something of this name already"}
	case errors.Is(err, syscall.EPERM):
		return problem{http.StatusForbidden, "forbidden", "that can't be done to the root of the files"}
	}
	log.Printf("files: %v", err)
	return problem{http.StatusInternalServerError, "internal", "the request failed; the service's log tells why"}
}

func writeProblem(w http.ResponseWriter, p problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": p.Status, "title": http.StatusText(p.Status), "code": p.Code, "detail": p.Detail})
}
