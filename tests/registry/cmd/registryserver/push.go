// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// push is an artifact to push. With a chart it looks as `helm push` makes it, else as `flux push
// artifact` does (fluxcd/pkg/oci, push_artifact.go).
type push struct {
	Repository string            `json:"repository"`
	Tag        string            `json:"tag"`
	Files      map[string]string `json:"files"`
	Revision   string            `json:"revision"`
	Chart      *chart            `json:"chart"`
	Layer      []byte            `json:"layer"` // instead of files, as it is
	Indexed    bool              `json:"indexed"`
}

type chart struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	AppVersion string `json:"appVersion,omitempty"`
	APIVersion string `json:"apiVersion"`
}

func controls(registry string, seen *requests) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/push", func(w http.ResponseWriter, r *http.Request) {
		var wanted push
		err := json.NewDecoder(r.Body).Decode(&wanted)
		if err == nil {
			var digest string
			if digest, err = wanted.push(registry); err == nil {
				fmt.Fprint(w, digest)
				return
			}
		}
		http.Error(w, err.Error(), http.StatusBadRequest)
	})
	mux.HandleFunc("/requests", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(seen.take())
	})
	return mux
}

// push puts the artifact into the registry and returns the digest that its tag has then.
func (p push) push(registry string) (string, error) {
	reference, err := name.NewTag(fmt.Sprintf("%s/%s:%s", registry, p.Repository, p.Tag), name.Insecure)
	if err != nil {
		return "", err
	}
	image, err := p.image()
	if err != nil {
		return "", err
	}
	if !p.Indexed {
		if err := remote.Write(reference, image); err != nil {
			return "", err
		}
		digest, err := image.Digest()
		return digest.String(), err
	}
	index := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: image})
	if err := remote.WriteIndex(reference, index); err != nil {
		return "", err
	}
	digest, err := index.Digest()
	return digest.String(), err
}

func (p push) image() (v1.Image, error) {
	layerType := types.MediaType("application/vnd.cncf.flux.content.v1.tar+gzip")
	configType := types.MediaType("application/vnd.cncf.flux.config.v1+json")
	if p.Chart != nil {
		layerType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
		configType = "application/vnd.cncf.helm.config.v1+json"
	}
	layer := p.Layer
	if layer == nil {
		var err error
		if layer, err = archive(p.Files); err != nil {
			return nil, err
		}
	}
	image := mutate.MediaType(empty.Image, types.OCIManifestSchema1)
	image = mutate.ConfigMediaType(image, configType)
	image, err := mutate.Append(image, mutate.Addendum{Layer: static.NewLayer(layer, layerType)})
	if err != nil {
		return nil, err
	}
	annotations := map[string]string{"org.opencontainers.image.created": time.Unix(0, 0).UTC().Format(time.RFC3339)}
	if p.Revision != "" {
		annotations["org.opencontainers.image.revision"] = p.Revision
	}
	annotated := mutate.Annotations(image, annotations).(v1.Image)
	if p.Chart == nil {
		return annotated, nil
	}
	p.Chart.APIVersion = "v2"
	config, err := json.Marshal(p.Chart)
	return configured{annotated, config}, err
}

// configured is an image whose configuration is some other bytes, as those of artifacts are.
type configured struct {
	v1.Image
	config []byte
}

func (c configured) RawConfigFile() ([]byte, error) { return c.config, nil }

func (c configured) ConfigName() (v1.Hash, error) {
	hash, _, err := v1.SHA256(bytes.NewReader(c.config))
	return hash, err
}

func (c configured) Manifest() (*v1.Manifest, error) {
	manifest, err := c.Image.Manifest()
	if err != nil {
		return nil, err
	}
	manifest = manifest.DeepCopy()
	manifest.Config.Size = int64(len(c.config))
	manifest.Config.Digest, err = c.ConfigName()
	return manifest, err
}

func (c configured) RawManifest() ([]byte, error) {
	manifest, err := c.Manifest()
	if err != nil {
		return nil, err
	}
	return json.Marshal(manifest)
}

func (c configured) Digest() (v1.Hash, error) {
	raw, err := c.RawManifest()
	if err != nil {
		return v1.Hash{}, err
	}
	hash, _, err := v1.SHA256(bytes.NewReader(raw))
	return hash, err
}

func (c configured) Size() (int64, error) {
	raw, err := c.RawManifest()
	return int64(len(raw)), err
}

// archive packs files as fluxcd/pkg/oci's build.go does: with their folders, in the PAX format.
func archive(files map[string]string) ([]byte, error) {
	var packed bytes.Buffer
	compressed := gzip.NewWriter(&packed)
	writer := tar.NewWriter(compressed)
	written := map[string]bool{}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		folder := path.Dir(file)
		if folder != "." && !written[folder] {
			written[folder] = true
			header := &tar.Header{Name: folder + "/", Typeflag: tar.TypeDir, Mode: 0o755, Format: tar.FormatPAX}
			if err := writer.WriteHeader(header); err != nil {
				return nil, err
			}
		}
		header := &tar.Header{Name: file, Mode: 0o644, Size: int64(len(files[file])), Format: tar.FormatPAX}
		if err := writer.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := writer.Write([]byte(files[file])); err != nil {
			return nil, err
		}
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	err := compressed.Close()
	return packed.Bytes(), err
}
