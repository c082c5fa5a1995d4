package main

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"
)

// Item is a file or folder as the web UI sees it.
type Item struct {
	Name     string    `json:"name"`
	Path     string    `json:"path"`
	Kind     string    `json:"kind"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	ETag     string    `json:"etag"`
	Type     string    `json:"type,omitempty"`
}

func kindOf(info fs.FileInfo) string {
	if info.IsDir() {
		return "folder"
	}
	return "file"
}

func itemOf(name string, info fs.FileInfo) Item {
	item := Item{Name: path.Base(name), Path: path.Clean(name), Kind: kindOf(info), Modified: info.ModTime().UTC(), ETag: etag(info)}
	if !info.IsDir() {
		item.Size, item.Type = info.Size(), mediaType(item.Name)
	}
	return item
}

// sorted lists a folder: folders first, then by name as people read it.
func (file *readFile) sorted() ([]fs.FileInfo, error) {
	all, err := file.Readdir(-1)
	if err != nil {
		return nil, err
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].IsDir() != all[j].IsDir() {
			return all[i].IsDir()
		}
		left, right := strings.ToLower(all[i].Name()), strings.ToLower(all[j].Name())
		if left != right {
			return left < right
		}
		return all[i].Name() < all[j].Name()
	})
	return all, nil
}

func readable(bytes int64) string {
	if bytes < 1000 {
		return fmt.Sprintf("%d B", bytes)
	}
	value, unit := float64(bytes)/1000, 0
	for value >= 1000 && unit < 4 {
		value, unit = value/1000, unit+1
	}
	return fmt.Sprintf("%.1f %cB", value, "kMGTP"[unit])
}
