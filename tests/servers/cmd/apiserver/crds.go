// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	typed "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset/typed/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/rest"
)

type definition = apiextensions.CustomResourceDefinition

// installCRDs creates or updates each CustomResourceDefinition in a file or in the YAML files of a
// directory tree, waits until all are served and returns their number.
func installCRDs(ctx context.Context, config *rest.Config, path string) (int, error) {
	client, err := clientset.NewForConfig(config)
	if err != nil {
		return 0, err
	}
	definitions, err := readCRDs(path)
	if err != nil {
		return 0, err
	}
	api := client.ApiextensionsV1().CustomResourceDefinitions()
	for _, d := range definitions {
		if err := putCRD(ctx, api, d); err != nil {
			return 0, err
		}
	}
	for _, d := range definitions {
		err := waitFor(ctx, d.Name, 30*time.Second, func() bool {
			live, err := api.Get(ctx, d.Name, metav1.GetOptions{})
			return err == nil && isEstablished(live)
		})
		if err != nil {
			return 0, err
		}
	}
	return len(definitions), nil
}

func readCRDs(path string) ([]*definition, error) {
	var all []*definition
	err := filepath.WalkDir(path, func(name string, entry os.DirEntry, err error) error {
		extension := filepath.Ext(name)
		if err != nil || entry.IsDir() || (extension != ".yaml" && extension != ".yml") {
			return err
		}
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		for decoder := yaml.NewYAMLOrJSONDecoder(file, 4096); ; {
			d := &definition{}
			if err := decoder.Decode(d); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if d.Kind == "CustomResourceDefinition" {
				all = append(all, d)
			}
		}
	})
	return all, err
}

func putCRD(ctx context.Context, api typed.CustomResourceDefinitionInterface, d *definition) error {
	_, err := api.Create(ctx, d, metav1.CreateOptions{})
	if !apierrors.IsAlreadyExists(err) {
		return err
	}
	live, err := api.Get(ctx, d.Name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	live.Spec = d.Spec
	_, err = api.Update(ctx, live, metav1.UpdateOptions{})
	return err
}

func isEstablished(d *definition) bool {
	for _, c := range d.Status.Conditions {
		if c.Type == apiextensions.Established && c.Status == apiextensions.ConditionTrue {
			return true
		}
	}
	return false
}
