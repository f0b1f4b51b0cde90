// SPDX-License-Identifier: Apache-2.0

// Package appset makes the objects that benches apply: apps of a Deployment, a Service, a ConfigMap
// and an Ingress each, the same for the bare client and for a Git repository.
package appset

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// A Spec says which objects to make.
type Spec struct {
	Count     int // of objects
	Namespace string
	Replicas  int // of each Deployment
	Revision  int // is in each ConfigMap: another one changes all of them and nothing else
}

// An Object is one that can be applied.
type Object struct {
	App  string
	Path string // in the API, from /
	Body map[string]any
}

type tree = map[string]any

// Objects returns them app by app; the last app may be without some of its own.
func (s Spec) Objects() []Object {
	all := make([]Object, 0, s.Count+3)
	for i := 0; len(all) < s.Count; i++ {
		name := fmt.Sprintf("app-%04d", i)
		all = append(all,
			s.object(name, "/apis/apps/v1", "deployments", "Deployment", s.deployment(name)),
			s.object(name, "/api/v1", "services", "Service", service(name)),
			s.object(name, "/api/v1", "configmaps", "ConfigMap", s.configMap()),
			s.object(name, "/apis/networking.k8s.io/v1", "ingresses", "Ingress", ingress(name)),
		)
	}
	return all[:s.Count]
}

// NamespaceObject is where the others live.
func (s Spec) NamespaceObject() Object {
	return Object{
		Path: "/api/v1/namespaces/" + s.Namespace,
		Body: tree{"apiVersion": "v1", "kind": "Namespace", "metadata": tree{"name": s.Namespace}},
	}
}

// Write writes the objects as YAML, one file per app, into the directory, and the namespace too if
// asked for.
func (s Spec) Write(dir string, withNamespace bool) error {
	files := map[string]*bytes.Buffer{}
	objects := s.Objects()
	if withNamespace {
		namespace := s.NamespaceObject()
		namespace.App = "namespace"
		objects = append(objects, namespace)
	}
	for _, o := range objects {
		text, err := yaml.Marshal(o.Body)
		if err != nil {
			return err
		}
		file := files[o.App]
		if file == nil {
			file = &bytes.Buffer{}
			files[o.App] = file
		} else {
			file.WriteString("---\n")
		}
		file.Write(text)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for app, text := range files {
		if err := os.WriteFile(filepath.Join(dir, app+".yaml"), text.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (s Spec) object(app, api, plural, kind string, rest tree) Object {
	rest["apiVersion"] = strings.TrimPrefix(strings.TrimPrefix(api, "/apis/"), "/api/")
	rest["kind"] = kind
	rest["metadata"] = tree{
		"name":      app,
		"namespace": s.Namespace,
		"labels":    tree{"app.kubernetes.io/name": app, "app.kubernetes.io/part-of": "bench"},
	}
	path := fmt.Sprintf("%s/namespaces/%s/%s/%s", api, s.Namespace, plural, app)
	return Object{App: app, Path: path, Body: rest}
}

func (s Spec) deployment(app string) tree {
	labels := tree{"app.kubernetes.io/name": app}
	container := tree{
		"name":  "app",
		"image": "ghcr.io/example/app:1.2.3",
		"ports": []any{tree{"containerPort": 8080, "name": "http"}},
		"env":   []any{tree{"name": "A", "value": "1"}, tree{"name": "B", "value": "2"}},
		"resources": tree{
			"requests": tree{"cpu": "10m", "memory": "32Mi"},
			"limits":   tree{"memory": "64Mi"},
		},
		"volumeMounts": []any{tree{"name": "config", "mountPath": "/config"}},
	}
	return tree{"spec": tree{
		"replicas": s.Replicas,
		"selector": tree{"matchLabels": labels},
		"template": tree{
			"metadata": tree{"labels": labels},
			"spec": tree{
				"containers": []any{container},
				"volumes":    []any{tree{"name": "config", "configMap": tree{"name": app}}},
			},
		},
	}}
}

func service(app string) tree {
	return tree{"spec": tree{
		"selector": tree{"app.kubernetes.io/name": app},
		"ports":    []any{tree{"name": "http", "port": 80, "targetPort": "http"}},
	}}
}

// configMap holds 2 KB.
func (s Spec) configMap() tree {
	text := fmt.Sprintf("revision: %d\n", s.Revision) + strings.Repeat("key: some value of a setting\n", 70)
	return tree{"data": tree{"config.yaml": text}}
}

func ingress(app string) tree {
	backend := tree{"service": tree{"name": app, "port": tree{"name": "http"}}}
	return tree{"spec": tree{"rules": []any{tree{
		"host": app + ".example.org",
		"http": tree{"paths": []any{tree{"path": "/", "pathType": "Prefix", "backend": backend}}},
	}}}}
}
