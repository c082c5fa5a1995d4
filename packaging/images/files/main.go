// Command files keeps the files of a cell's people: WebDAV for their devices, an API for the cell's web UI, share links for others.
// Who they are stands in a file that the cell writes (see config.go); their files lie below one folder, one tree each.
//
// usage: files [check]
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	configFile  = "/etc/files/files.json"
	dataFolder  = "/data"
	davAddress  = ":8080" // for everybody: passwords and tokens are checked here
	pageAddress = ":8081" // for the cell's proxy, which tells who is logged in
)

func main() {
	log.SetFlags(0)
	if len(os.Args) == 2 && os.Args[1] == "check" {
		os.Exit(check())
	}
	if err := serve(); err != nil {
		log.Fatalf("files: %v", err)
	}
}

// check is the container's health check: the image holds no other program.
func check() int {
	client := http.Client{Timeout: 3 * time.Second}
	answer, err := client.Get("http://127.0.0.1" + davAddress + "/health")
	if err != nil || answer.StatusCode != http.StatusOK {
		fmt.Fprintln(os.Stderr, "no healthy answer:", err)
		return 1
	}
	return 0
}

func newServer(address string, handler http.Handler) *http.Server {
	// No limit on a whole request: a big file takes its time. What stalls is ended by steadyBody.
	return &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
}

func serve() error {
	config, err := readConfig(configFile)
	if err != nil {
		return err
	}
	store, err := openStore(dataFolder, config)
	if err != nil {
		return err
	}
	servers := []*http.Server{newServer(davAddress, publicHandler(store)), newServer(pageAddress, pageHandler(store))}
	failed := make(chan error, len(servers))
	for _, server := range servers {
		go func() { failed <- server.ListenAndServe() }()
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT)
	cleaning := time.NewTicker(time.Hour)
	for {
		select {
		case err := <-failed:
			return err
		case <-cleaning.C:
			store.removeExpired(time.Now())
		case which := <-signals:
			if which != syscall.SIGHUP {
				return shutdown(servers)
			}
			// A file that can't be read leaves the people of before in force.
			if config, err := readConfig(configFile); err != nil {
				log.Printf("files: %v", err)
			} else {
				store.apply(config)
			}
		}
	}
}

func shutdown(servers []*http.Server) error {
	limit, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var all error
	for _, server := range servers {
		if err := server.Shutdown(limit); !errors.Is(err, context.DeadlineExceeded) {
			all = errors.Join(all, err)
		}
	}
	return all
}
