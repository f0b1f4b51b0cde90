// SPDX-License-Identifier: Apache-2.0

package fakekubelet

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestTheAnnotationDecidesWhatBecomesOfAPod(t *testing.T) {
	for _, c := range []struct {
		outcome string
		restart corev1.RestartPolicy
		phase   corev1.PodPhase
		ready   bool
	}{
		{"", corev1.RestartPolicyAlways, corev1.PodRunning, true},
		{"", corev1.RestartPolicyNever, corev1.PodSucceeded, false},
		{OutcomeCrash, corev1.RestartPolicyAlways, corev1.PodRunning, false},
		{OutcomePull, corev1.RestartPolicyAlways, corev1.PodPending, false},
		{OutcomeFail, corev1.RestartPolicyNever, corev1.PodFailed, false},
	} {
		pod := &corev1.Pod{Spec: corev1.PodSpec{
			RestartPolicy: c.restart,
			Containers:    []corev1.Container{{Name: "a"}, {Name: "b"}},
		}}
		pod.Annotations = map[string]string{OutcomeAnnotation: c.outcome}
		got := status(pod, metav1.Now())
		if got.Phase != c.phase || isReady(got) != c.ready {
			t.Errorf("outcome %q, restart %s: %s, ready %t", c.outcome, c.restart, got.Phase, isReady(got))
		}
		if len(got.ContainerStatuses) != 2 || got.ContainerStatuses[0].Ready != c.ready {
			t.Errorf("outcome %q: containers %+v", c.outcome, got.ContainerStatuses)
		}
	}
}

func isReady(s corev1.PodStatus) bool {
	for _, c := range s.Conditions {
		if c.Type == corev1.PodReady {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}
