// SPDX-License-Identifier: Apache-2.0

// Package fakekubelet is scheduler and kubelet in one for a single node: pods become what their
// annotation says without anything being run.
package fakekubelet

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
)

const nodeName = "fake-node"

// Run adds the node and looks after its pods in the background until ctx ends. A pod takes the
// delay from its binding to its state.
func Run(ctx context.Context, client kubernetes.Interface, delay time.Duration) error {
	_, err := client.CoreV1().Nodes().Create(ctx, node(), metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}
	handle := func(object any) {
		pod, ok := object.(*corev1.Pod)
		if !ok {
			return
		}
		go func() {
			err := advance(ctx, client, pod, delay)
			if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsConflict(err) && ctx.Err() == nil {
				klog.ErrorS(err, "fake kubelet", "pod", klog.KObj(pod))
			}
		}()
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	_, err = factory.Core().V1().Pods().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    handle,
		UpdateFunc: func(_, object any) { handle(object) },
	})
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	return nil
}

func node() *corev1.Node {
	room := corev1.ResourceList{
		"cpu":    resource.MustParse("4"),
		"memory": resource.MustParse("4Gi"),
		"pods":   resource.MustParse("5000"),
	}
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{
			Name: nodeName,
			Labels: map[string]string{
				corev1.LabelHostname:   nodeName,
				corev1.LabelOSStable:   "linux",
				corev1.LabelArchStable: "arm64",
			},
		},
		Status: corev1.NodeStatus{
			Conditions: []corev1.NodeCondition{{
				Type: corev1.NodeReady, Status: corev1.ConditionTrue, Reason: "FakeKubelet",
				LastTransitionTime: metav1.Now(),
			}},
			Capacity:    room,
			Allocatable: room,
		},
	}
}

// advance takes the pod one step further: gone, bound, or in its state.
func advance(ctx context.Context, client kubernetes.Interface, pod *corev1.Pod, delay time.Duration) error {
	pods := client.CoreV1().Pods(pod.Namespace)
	switch {
	case pod.DeletionTimestamp != nil:
		now := int64(0)
		return pods.Delete(ctx, pod.Name, metav1.DeleteOptions{
			GracePeriodSeconds: &now,
			Preconditions:      &metav1.Preconditions{UID: &pod.UID},
		})
	case pod.Annotations[OutcomeAnnotation] == OutcomePending:
		return nil
	case pod.Spec.NodeName == "":
		return pods.Bind(ctx, &corev1.Binding{
			ObjectMeta: metav1.ObjectMeta{Name: pod.Name, UID: pod.UID},
			Target:     corev1.ObjectReference{Kind: "Node", Name: nodeName},
		}, metav1.CreateOptions{})
	case pod.Status.StartTime != nil || pod.Status.Phase != corev1.PodPending:
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(delay):
	}
	pod = pod.DeepCopy() // all of it: an update of the status takes labels and annotations too
	pod.Status = status(pod, metav1.Now())
	_, err := pods.UpdateStatus(ctx, pod, metav1.UpdateOptions{})
	return err
}
