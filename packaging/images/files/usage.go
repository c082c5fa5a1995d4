package main

import (
	"errors"
	"sync"
	"syscall"
)

var errQuota = errors.New("the quota is used up")

// Usage counts the bytes of one person: those of files that are there, and those that uploads will need.
type Usage struct {
	mutex    sync.Mutex
	used     int64
	reserved int64
	limit    int64 // 0: none
}

func (usage *Usage) setLimit(quotaMB *int64) {
	usage.mutex.Lock()
	defer usage.mutex.Unlock()
	usage.limit = 0
	if quotaMB != nil && *quotaMB > 0 {
		usage.limit = *quotaMB << 20
	}
}

// reserve takes bytes of the quota, or none.
func (usage *Usage) reserve(bytes int64) error {
	usage.mutex.Lock()
	defer usage.mutex.Unlock()
	if bytes > 0 && usage.limit > 0 && usage.used+usage.reserved+bytes > usage.limit {
		return errQuota
	}
	usage.reserved += bytes
	return nil
}

// settle ends a reservation; `change` is what the files have become bigger by.
func (usage *Usage) settle(reserved, change int64) {
	usage.mutex.Lock()
	defer usage.mutex.Unlock()
	usage.reserved -= reserved
	usage.used += change
}

func (usage *Usage) set(used int64) {
	usage.mutex.Lock()
	defer usage.mutex.Unlock()
	usage.used = used
}

// room tells the bytes in use, the limit (0: none) and what may still be stored in `folder`: what the quota and the disk have left.
func (usage *Usage) room(folder string) (used, limit, free int64) {
	usage.mutex.Lock()
	used, limit = usage.used, usage.limit
	left := usage.limit - usage.used - usage.reserved
	usage.mutex.Unlock()
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err == nil {
		free = int64(disk.Bavail) * disk.Bsize
	}
	if limit > 0 {
		free = min(free, max(left, 0))
	}
	return used, limit, free
}
