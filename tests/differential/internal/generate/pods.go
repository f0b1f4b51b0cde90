// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"fmt"

	"primocane.dev/tests/differential/internal/yamltext"
)

func workload(g *gen, o *object) {
	selector := g.selector()
	spec := M("selector", M("matchLabels", selector), "template", g.podTemplate(selector))
	if o.kind != "DaemonSet" && g.chance(0.7) {
		spec.Set("replicas", g.between(0, 4))
	}
	if g.chance(0.2) {
		spec.Set("strategy", M("type", "RollingUpdate", "rollingUpdate", M("maxSurge", pick[any](g, 1, "25%"),
			"maxUnavailable", 0)))
	}
	if g.chance(0.1) {
		g.shuffle(spec)
	}
	o.body.Set("spec", spec)
}

func statefulSet(g *gen, o *object) {
	workload(g, o)
	spec := o.body.Get("spec").(*yamltext.Map)
	spec.Set("serviceName", g.nameOf("Service"))
	if g.chance(0.6) {
		spec.Set("volumeClaimTemplates", L(M("metadata", M("name", "data"), "spec", M("accessModes",
			L("ReadWriteOnce"), "resources", M("requests", M("storage", "1Gi"))))))
	}
}

func job(g *gen, o *object) {
	spec := M("template", g.podTemplate(g.selector()))
	if g.chance(0.5) {
		spec.Set("backoffLimit", g.between(0, 6))
	}
	o.body.Set("spec", spec)
}

func cronJob(g *gen, o *object) {
	o.body.Set("spec", M("schedule", pick(g, "*/5 * * * *", "@daily", "0 3 * * 1-5"), "jobTemplate", M("spec",
		M("template", g.podTemplate(g.selector())))))
}

// podTemplate often shares the selector's own map, which then may become an anchor.
func (g *gen) podTemplate(selector *yamltext.Map) *yamltext.Map {
	labels := selector
	if g.chance(0.5) {
		labels = M()
		labels.Entries = append(labels.Entries, selector.Entries...)
		labels.Set("version", g.labelValue())
	}
	meta := M("labels", labels)
	if g.chance(0.2) {
		meta.Set("annotations", g.annotations())
	}
	return M("metadata", meta, "spec", g.podSpec())
}

func (g *gen) podSpec() *yamltext.Map {
	containers := L()
	for i := range g.between(1, 2) {
		containers.Add(g.container(i))
	}
	if first, ok := containers.Items[0].(*yamltext.Map); ok && g.chance(0.05) {
		g.feature("merge keys")
		containers.Add(&yamltext.Map{Entries: []yamltext.Entry{{Key: "name", Value: "merged"}},
			Merge: []*yamltext.Map{first}})
	}
	spec := M("containers", containers)
	if g.chance(0.2) {
		spec.Set("initContainers", L(g.container(5)))
	}
	if g.chance(0.4) {
		spec.Set("serviceAccountName", g.nameOf("ServiceAccount"))
	}
	if g.chance(0.5) {
		spec.Set("volumes", g.volumes())
	}
	if g.chance(0.15) {
		spec.Set("imagePullSecrets", L(M("name", g.nameOf("Secret"))))
	}
	if g.chance(0.1) {
		spec.Set("tolerations", L(M("key", "node-role.kubernetes.io/control-plane", "operator", "Exists",
			"effect", "NoSchedule")))
	}
	if g.chance(0.1) {
		spec.Set("nodeSelector", M("kubernetes.io/arch", "arm64"))
	}
	if g.chance(0.1) {
		spec.Set("affinity", M("podAntiAffinity", M("preferredDuringSchedulingIgnoredDuringExecution",
			L(M("weight", 1, "podAffinityTerm", M("topologyKey", "kubernetes.io/hostname", "labelSelector",
				M("matchLabels", g.selector())))))))
	}
	if g.chance(0.1) {
		spec.Set("topologySpreadConstraints", L(M("maxSkew", 1, "topologyKey", "zone", "whenUnsatisfiable",
			"DoNotSchedule", "labelSelector", M("matchLabels", g.selector()))))
	}
	if g.chance(0.05) {
		spec.Set("hostAliases", L(M("ip", "10.0.0.1", "hostnames", L("a", "b"))))
	}
	if g.chance(0.05) {
		spec.Set("priorityClassName", g.nameOf("PriorityClass"))
	}
	if g.chance(0.2) {
		spec.Set("restartPolicy", pick(g, "Always", "Never", "OnFailure"))
	}
	return spec
}

func (g *gen) container(number int) *yamltext.Map {
	made := M("name", pick(g, "main", "sidecar", "app")+fmt.Sprint(number), "image", g.image())
	if g.chance(0.5) {
		made.Set("env", g.env())
	}
	if g.chance(0.2) {
		made.Set("envFrom", L(pick(g, M("configMapRef", M("name", g.nameOf("ConfigMap"))), M("secretRef",
			M("name", g.nameOf("Secret")), "prefix", "X_"))))
	}
	if g.chance(0.5) {
		port := M("containerPort", pick(g, 8080, 80, 9090))
		if g.chance(0.5) {
			port.Set("name", "http")
		}
		if g.chance(0.4) {
			port.Set("protocol", pick(g, "TCP", "UDP"))
		}
		ports := L(port)
		if g.chance(0.2) {
			ports.Add(M("containerPort", 8080, "protocol", "UDP", "name", "dns"))
		}
		made.Set("ports", ports)
	}
	if g.chance(0.3) {
		args := L()
		for range g.between(0, 3) {
			args.Add(pick(g, "--verbose", "--port=8080", "$(FIRST_VAR)", "--at=$(SECOND_VAR):80", "-c", g.text()))
		}
		made.Set(pick(g, "args", "command"), args)
	}
	if g.chance(0.3) {
		made.Set("resources", M("limits", M("memory", pick(g, "64Mi", "1Gi"), "cpu", pick[any](g, "100m", 1,
			yamltext.Raw("0.5"))), "requests", M("cpu", "50m")))
	}
	if g.chance(0.4) {
		mounts := L(M("name", "config", "mountPath", "/etc/config"))
		if g.chance(0.4) {
			mounts.Add(M("name", "data", "mountPath", "/data", "readOnly", true))
		}
		made.Set("volumeMounts", mounts)
	}
	if g.chance(0.2) {
		made.Set("livenessProbe", M("httpGet", M("path", "/healthz", "port", pick[any](g, "http", 8080)),
			"periodSeconds", 10))
	}
	if g.chance(0.1) {
		made.Set("securityContext", M("readOnlyRootFilesystem", true, "capabilities", M("drop", L("ALL"))))
	}
	return made
}

func (g *gen) env() *yamltext.List {
	made := L()
	names := []string{"LOG_LEVEL", "PASSWORD", "HOST", "A", "B"}
	for _, name := range names[:g.between(0, len(names))] {
		entry := M("name", name)
		switch g.r.IntN(6) {
		case 0:
			entry.Set("valueFrom", M("configMapKeyRef", M("name", g.nameOf("ConfigMap"), "key", "a")))
		case 1:
			entry.Set("valueFrom", M("secretKeyRef", M("name", g.nameOf("Secret"), "key", "password",
				"optional", true)))
		case 2:
			entry.Set("valueFrom", M("fieldRef", M("fieldPath", "metadata.name")))
		case 3:
			entry.Set("value", pick(g, "$(FIRST_VAR)", "http://$(SECOND_VAR)/", "$$(FIRST_VAR)",
				"$(A)$(THIRD)", "$("))
		default:
			entry.Set("value", g.text())
		}
		made.Add(entry)
	}
	return made
}

func (g *gen) volumes() *yamltext.List {
	made := L()
	switch g.r.IntN(3) {
	case 0:
		made.Add(M("name", "config", "configMap", M("name", g.nameOf("ConfigMap"))))
	case 1:
		made.Add(M("name", "config", "secret", M("secretName", g.nameOf("Secret"))))
	default:
		made.Add(M("name", "config", "projected", M("sources", L(M("configMap", M("name",
			g.nameOf("ConfigMap"))), M("secret", M("name", g.nameOf("Secret")))))))
	}
	if g.chance(0.5) {
		made.Add(pick(g, M("name", "data", "persistentVolumeClaim", M("claimName",
			g.nameOf("PersistentVolumeClaim"))), M("name", "data", "emptyDir", M())))
	}
	return made
}
