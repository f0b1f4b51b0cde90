// SPDX-License-Identifier: Apache-2.0

package fakekubelet

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// OutcomeAnnotation on a pod or its template says what becomes of it. Without it the pod runs and is
// ready, or has succeeded if it is one that is not restarted, as a Job's.
const OutcomeAnnotation = "fake-kubelet/outcome"

// Values of OutcomeAnnotation.
const (
	OutcomeCrash   = "crash"   // never ready, CrashLoopBackOff
	OutcomePull    = "pull"    // pending, ImagePullBackOff
	OutcomePending = "pending" // never bound to a node
	OutcomeFail    = "fail"    // phase Failed, exit code 1
)

// status is the state that the pod ends in.
func status(pod *corev1.Pod, now metav1.Time) corev1.PodStatus {
	phase := corev1.PodRunning
	state := corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: now}}
	ready := true
	switch outcome := pod.Annotations[OutcomeAnnotation]; {
	case outcome == OutcomeCrash:
		state, ready = waiting("CrashLoopBackOff"), false
	case outcome == OutcomePull:
		phase, state, ready = corev1.PodPending, waiting("ImagePullBackOff"), false
	case outcome == OutcomeFail:
		phase, state, ready = corev1.PodFailed, terminated(1, "Error", now), false
	case pod.Spec.RestartPolicy != corev1.RestartPolicyAlways:
		phase, state, ready = corev1.PodSucceeded, terminated(0, "Completed", now), false
	}
	return corev1.PodStatus{
		Phase:             phase,
		StartTime:         &now,
		HostIP:            "10.0.0.1",
		PodIP:             "10.42.0.9",
		PodIPs:            []corev1.PodIP{{IP: "10.42.0.9"}},
		ContainerStatuses: containers(pod, state, ready),
		Conditions:        conditions(ready, now),
	}
}

func waiting(reason string) corev1.ContainerState {
	return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason}}
}

func terminated(code int32, reason string, now metav1.Time) corev1.ContainerState {
	return corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
		ExitCode: code, Reason: reason, FinishedAt: now,
	}}
}

func containers(pod *corev1.Pod, state corev1.ContainerState, ready bool) []corev1.ContainerStatus {
	started := state.Running != nil
	var all []corev1.ContainerStatus
	for _, c := range pod.Spec.Containers {
		all = append(all, corev1.ContainerStatus{
			Name: c.Name, Image: c.Image, ImageID: c.Image, ContainerID: "fake://" + string(pod.UID),
			Ready: ready, Started: &started, State: state,
		})
	}
	return all
}

func conditions(ready bool, now metav1.Time) []corev1.PodCondition {
	condition := func(kind corev1.PodConditionType, is bool) corev1.PodCondition {
		value := corev1.ConditionFalse
		if is {
			value = corev1.ConditionTrue
		}
		return corev1.PodCondition{Type: kind, Status: value, LastTransitionTime: now}
	}
	return []corev1.PodCondition{
		condition(corev1.PodScheduled, true),
		condition(corev1.PodInitialized, true),
		condition(corev1.ContainersReady, ready),
		condition(corev1.PodReady, ready),
	}
}
