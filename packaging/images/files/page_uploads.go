package main

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// An upload as the web UI sees it.
func (c *call) uploadDocument(upload *Upload) (map[string]any, error) {
	offset, touched, err := c.home.offset(upload)
	if err != nil {
		return nil, err
	}
	document := map[string]any{"id": upload.ID, "path": upload.Path, "size": upload.Size, "offset": offset, "created": upload.Created,
		"expires": touched.Add(uploadLife).UTC(), "modified": nil, "done": false}
	if !upload.Modified.IsZero() {
		document["modified"] = upload.Modified
	}
	return document, nil
}

func getUploads(c *call) error {
	items := []any{}
	for _, upload := range c.home.unfinished() {
		if document, err := c.uploadDocument(upload); err == nil {
			items = append(items, document)
		}
	}
	return c.answer(http.StatusOK, map[string]any{"items": items})
}

func (c *call) wanted() (*Upload, error) {
	upload, found := c.home.upload(c.r.PathValue("id"))
	if !found {
		return nil, problem{http.StatusNotFound, "not_found", "there is no such upload, or it has ended"}
	}
	return upload, nil
}

func getUpload(c *call) error {
	upload, err := c.wanted()
	if err != nil {
		return err
	}
	document, err := c.uploadDocument(upload)
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, document)
}

func deleteUpload(c *call) error {
	upload, err := c.wanted()
	if err != nil {
		return err
	}
	if !upload.mutex.TryLock() {
		return errBusy
	}
	defer upload.mutex.Unlock()
	c.home.cancel(upload)
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

func postUpload(c *call) error {
	var wanted struct {
		Path      string    `json:"path"`
		Size      *int64    `json:"size"`
		Overwrite bool      `json:"overwrite"`
		Modified  time.Time `json:"modified"`
	}
	if err := c.read(&wanted); err != nil {
		return err
	}
	if wanted.Size == nil || *wanted.Size < 0 || *wanted.Size > 1<<50 {
		return invalid("size is not a number of bytes")
	}
	upload := &Upload{Path: wanted.Path, Size: *wanted.Size, Overwrite: wanted.Overwrite, Modified: wanted.Modified, Created: time.Now().UTC()}
	if err := c.home.begin(upload); err != nil {
		return err
	}
	if upload.Size == 0 {
		return c.finish(upload, http.StatusCreated)
	}
	document, err := c.uploadDocument(upload)
	if err != nil {
		return err
	}
	return c.answer(http.StatusCreated, document)
}

func patchUpload(c *call) error {
	upload, err := c.wanted()
	if err != nil {
		return err
	}
	offset, err := strconv.ParseInt(c.r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 {
		return invalid("Upload-Offset is not a number of bytes")
	}
	if c.r.ContentLength > maxChunkBytes {
		return problem{http.StatusRequestEntityTooLarge, "too_large", "one request may have 64 MiB"}
	}
	now, err := c.home.append(upload, offset, c.r.Body)
	var wrong wrongOffset
	if errors.As(err, &wrong) {
		c.w.Header().Set("Content-Type", "application/problem+json")
		c.w.Header().Set("Upload-Offset", strconv.FormatInt(now, 10))
		return c.answer(http.StatusConflict, map[string]any{"status": http.StatusConflict, "title": "Conflict", "code": "conflict",
			"detail": err.Error(), "offset": now})
	}
	if err != nil {
		return err
	}
	c.w.Header().Set("Upload-Offset", strconv.FormatInt(now, 10))
	if now == upload.Size {
		return c.finish(upload, http.StatusOK)
	}
	document, err := c.uploadDocument(upload)
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, document)
}

func (c *call) finish(upload *Upload, status int) error {
	if err := c.home.finish(upload); err != nil {
		return err
	}
	info, err := c.home.stat(upload.Path)
	if err != nil {
		return err
	}
	return c.answer(status, map[string]any{"id": upload.ID, "path": upload.Path, "size": upload.Size, "offset": upload.Size, "created": upload.Created,
		"expires": nil, "done": true, "item": itemOf(upload.Path, info)})
}
