// SPDX-License-Identifier: Apache-2.0

package appset

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// A Client is as bare as one can be: one connection, one request per object, answers read and
// thrown away. It is the measure of what the server gives.
type Client struct {
	http *http.Client
	base string
}

// A Measure tells how long the objects took.
type Measure struct {
	Seconds float64 `json:"seconds"`
	Rate    float64 `json:"rate"` // objects per second
	P50     float64 `json:"p50_ms"`
	P99     float64 `json:"p99_ms"`
	Created int     `json:"created"` // objects that were not there
}

// Connect reads the kubeconfig and opens the connection, HTTP/2 where the server has it.
func Connect(ctx context.Context, kubeconfig string) (*Client, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	secure, err := rest.TLSConfigFor(config)
	if err != nil {
		return nil, err
	}
	c := &Client{base: config.Host, http: &http.Client{Transport: &http.Transport{
		TLSClientConfig:    secure,
		ForceAttemptHTTP2:  true,
		DisableCompression: true,
	}}}
	_, err = c.do(ctx, http.MethodGet, "/readyz", nil)
	return c, err
}

// Apply applies one object and says whether it was created.
func (c *Client) Apply(ctx context.Context, o Object) (created bool, err error) {
	body, err := json.Marshal(o.Body)
	if err != nil {
		return false, err
	}
	return c.apply(ctx, o.Path, body)
}

func (c *Client) apply(ctx context.Context, path string, body []byte) (created bool, err error) {
	status, err := c.do(ctx, http.MethodPatch, path+"?fieldManager=bareclient&force=true", body)
	return status == http.StatusCreated, err
}

// ApplyAll applies the objects, as many at once as said, and stops at the first error.
func (c *Client) ApplyAll(ctx context.Context, objects []Object, inFlight int) (Measure, error) {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	bodies := make([][]byte, len(objects))
	for i, o := range objects {
		var err error
		if bodies[i], err = json.Marshal(o.Body); err != nil {
			return Measure{}, err
		}
	}
	took := make([]time.Duration, len(objects))
	var next, created atomic.Int64
	var workers sync.WaitGroup
	start := time.Now()
	for range inFlight {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(objects)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				began := time.Now()
				isNew, err := c.apply(ctx, objects[i].Path, bodies[i])
				if err != nil {
					fail(err)
				}
				if isNew {
					created.Add(1)
				}
				took[i] = time.Since(began)
			}
		})
	}
	workers.Wait()
	all := time.Since(start)
	if err := context.Cause(ctx); err != nil {
		return Measure{}, err
	}
	return measure(took, all, int(created.Load())), nil
}

func measure(took []time.Duration, all time.Duration, created int) Measure {
	m := Measure{Seconds: all.Seconds(), Created: created}
	if len(took) == 0 {
		return m
	}
	slices.Sort(took)
	at := func(percent int) float64 {
		d := took[min(len(took)-1, len(took)*percent/100)]
		return float64(d.Microseconds()) / 1000
	}
	m.Rate, m.P50, m.P99 = float64(len(took))/all.Seconds(), at(50), at(99)
	return m
}

// Delete deletes an object and waits until it has gone; one that is absent has gone already.
func (c *Client) Delete(ctx context.Context, path string) (time.Duration, error) {
	start := time.Now()
	status, err := c.do(ctx, http.MethodDelete, path, nil)
	for err == nil {
		time.Sleep(20 * time.Millisecond)
		status, err = c.do(ctx, http.MethodGet, path, nil)
	}
	if status == http.StatusNotFound {
		err = nil
	}
	return time.Since(start), err
}

func (c *Client) do(ctx context.Context, method, path string, body []byte) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	if method == http.MethodPatch {
		r.Header.Set("Content-Type", "application/apply-patch+yaml")
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode < 300 {
		_, err = io.Copy(io.Discard, answer.Body)
		return answer.StatusCode, err
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, 4096))
	if err == nil {
		err = fmt.Errorf("%s %s: %s: %s", method, path, answer.Status, text)
	}
	return answer.StatusCode, err
}
