package main

import (
	"context"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"
)

// entry is a file's or folder's facts under the name that its person knows.
type entry struct {
	fs.FileInfo
	name string
}

func (e entry) Name() string { return e.name }

// ContentType goes by the name; nothing is opened for it.
func (e entry) ContentType(context.Context) (string, error) { return mediaType(e.name), nil }

func (e entry) ETag(context.Context) (string, error) { return etag(e.FileInfo), nil }

func etag(info fs.FileInfo) string {
	return fmt.Sprintf(`"%x-%x"`, info.ModTime().UnixNano(), info.Size())
}

// Types that the image's empty root has no tables for.
var types = map[string]string{
	".txt": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8", ".log": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8",
	".html": "text/html; charset=utf-8", ".htm": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".json": "application/json", ".xml": "application/xml", ".pdf": "application/pdf", ".zip": "application/zip", ".gz": "application/gzip",
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".heic": "image/heic",
	".svg": "image/svg+xml", ".bmp": "image/bmp", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg",
	".flac": "audio/flac", ".wav": "audio/wav", ".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime", ".mkv": "video/x-matroska",
	".ics": "text/calendar; charset=utf-8", ".vcf": "text/vcard; charset=utf-8", ".odt": "application/vnd.oasis.opendocument.text",
	".ods":  "application/vnd.oasis.opendocument.spreadsheet",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

func mediaType(name string) string {
	extension := strings.ToLower(path.Ext(name))
	if known, found := types[extension]; found {
		return known
	}
	if known := mime.TypeByExtension(extension); known != "" {
		return known
	}
	return "application/octet-stream"
}

// isSafeToShow tells what a browser may show in the page's place: nothing that could run a script of the file's.
func isSafeToShow(kind string) bool {
	kind, _, _ = strings.Cut(kind, ";")
	switch {
	case kind == "image/svg+xml":
		return false
	case kind == "text/plain", kind == "application/pdf":
		return true
	}
	return strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "audio/") || strings.HasPrefix(kind, "video/")
}
