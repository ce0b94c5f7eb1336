package main

import (
	"bufio"
	"crypto/tls"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	fetchTimeout = 20 * time.Second
	maxLineSize  = 1024 * 1024
)

// openInput opens stdin, a URL or a file, depending on the source argument.
func openInput(o options) (io.ReadCloser, error) {
	switch {
	case o.source == "" || o.source == "-":
		return io.NopCloser(os.Stdin), nil
	case isURL(o.source):
		body, err := fetchURL(o.source, o)
		return body, fail(exitFetchURL, err)
	default:
		f, err := os.Open(o.source)
		if err != nil {
			return nil, fail(exitOpenFile, err)
		}
		return f, nil
	}
}

func isURL(s string) bool {
	lower := strings.ToLower(s)
	return strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
}

// fetchURL performs a GET request and returns the response body.
func fetchURL(address string, o options) (io.ReadCloser, error) {
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "gron/"+version)
	req.Header.Set("Accept", "application/json")
	client := http.Client{
		Timeout: fetchTimeout,
		Transport: &http.Transport{
			TLSClientConfig: &tls.Config{InsecureSkipVerify: o.insecure},
			Proxy:           o.network.proxyFor,
		},
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

// lineScanner splits input into lines of up to maxLineSize bytes.
func lineScanner(r io.Reader) *bufio.Scanner {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 0, 64*1024), maxLineSize)
	return sc
}
