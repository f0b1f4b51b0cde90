// SPDX-License-Identifier: Apache-2.0

package generate

import "primocane.dev/tests/differential/internal/yamltext"

// shapes are all kinds that are made. What refers to another object guesses its name.
var shapes []shape

func init() {
	shapes = []shape{
		{"apps/v1", "Deployment", "", 16, false, workload},
		{"apps/v1", "StatefulSet", "", 5, false, statefulSet},
		{"apps/v1", "DaemonSet", "", 4, false, workload},
		{"apps/v1", "ReplicaSet", "", 1, false, workload},
		{"batch/v1", "CronJob", "-job", 4, false, cronJob},
		{"batch/v1", "Job", "-job", 4, false, job},
		{"v1", "Pod", "", 3, false, func(g *gen, o *object) { o.body.Set("spec", g.podSpec()) }},
		{"v1", "Service", "", 12, false, service},
		{"networking.k8s.io/v1", "Ingress", "", 6, false, ingress},
		{"v1", "ConfigMap", "-config", 10, false, configMap},
		{"v1", "Secret", "-secret", 6, false, secret},
		{"v1", "ServiceAccount", "", 6, false, serviceAccount},
		{"rbac.authorization.k8s.io/v1", "Role", "-role", 4, false, role},
		{"rbac.authorization.k8s.io/v1", "RoleBinding", "-role", 4, false, roleBinding},
		{"rbac.authorization.k8s.io/v1", "ClusterRole", "-role", 4, true, role},
		{"rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "-role", 4, true, roleBinding},
		{"autoscaling/v2", "HorizontalPodAutoscaler", "", 3, false, autoscaler},
		{"policy/v1", "PodDisruptionBudget", "", 3, false, disruptionBudget},
		{"networking.k8s.io/v1", "NetworkPolicy", "", 4, false, networkPolicy},
		{"v1", "PersistentVolumeClaim", "-data", 4, false, volumeClaim},
		{"v1", "PersistentVolume", "-data", 2, true, volume},
		{"storage.k8s.io/v1", "StorageClass", "-fast", 2, true, storageClass},
		{"v1", "Namespace", "", 3, true, func(*gen, *object) {}},
		{"apiextensions.k8s.io/v1", "CustomResourceDefinition", "", 2, true, definition},
		{"example.com/v1", "Widget", "-widget", 5, false, widget},
		{"example.com/v1alpha1", "Gadget", "-widget", 2, false, widget},
		{"helm.toolkit.fluxcd.io/v2", "HelmRelease", "", 3, false, helmRelease},
		{"monitoring.coreos.com/v1", "ServiceMonitor", "", 2, false, serviceMonitor},
		{"admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "-hook", 2, true, webhook},
		{"admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "-hook", 1, true, webhook},
		{"apiregistration.k8s.io/v1", "APIService", "", 1, true, apiService},
		{"scheduling.k8s.io/v1", "PriorityClass", "-high", 1, true, func(g *gen,
			o *object) {
			o.body.Set("value", g.between(1, 1000000))
		}},
		{"v1", "LimitRange", "", 1, false, func(g *gen, o *object) {
			o.body.Set("spec", M("limits", L(M("type", "Container", "default", g.value(1)))))
		}},
		{"v1", "Endpoints", "", 1, false, func(g *gen, o *object) {
			o.body.Set("subsets", L(M("addresses", L(M("ip", "10.0.0.1")), "ports", L(M("port", 80)))))
		}},
	}
}

func configMap(g *gen, o *object) {
	if g.chance(0.9) {
		o.body.Set("data", g.data())
	}
	if g.chance(0.1) {
		o.body.Set("binaryData", M("blob", yamltext.Raw("AAEC/w==")))
	}
	if g.chance(0.08) {
		o.body.Set("immutable", g.chance(0.5))
	}
}

func secret(g *gen, o *object) {
	if g.chance(0.7) {
		o.body.Set("type", pick(g, "Opaque", "kubernetes.io/tls", "kubernetes.io/basic-auth"))
	}
	if g.chance(0.5) {
		o.body.Set("data", M("password", "aHVudGVyMg==", "user", "YWRtaW4="))
	}
	if g.chance(0.6) {
		o.body.Set("stringData", g.data())
	}
}

func service(g *gen, o *object) {
	ports := L()
	for i := range g.between(1, 2) {
		port := M("port", 80+i)
		if g.chance(0.6) {
			port.Set("name", pick(g, "http", "metrics"))
		}
		if g.chance(0.5) {
			port.Set("targetPort", pick[any](g, "http", 8080))
		}
		if g.chance(0.4) {
			port.Set("protocol", pick(g, "TCP", "UDP"))
		}
		ports.Add(port)
	}
	spec := M("ports", ports)
	if g.chance(0.85) {
		spec.Set("selector", g.selector())
	}
	if g.chance(0.3) {
		spec.Set("type", pick(g, "ClusterIP", "NodePort", "LoadBalancer"))
	}
	if g.chance(0.1) {
		spec.Set("loadBalancerSourceRanges", L("10.0.0.0/8", "192.168.0.0/16"))
	}
	o.body.Set("spec", spec)
}

func ingress(g *gen, o *object) {
	backend := func() *yamltext.Map {
		return M("service", M("name", g.nameOf("Service"), "port", pick(g, M("number", 80), M("name", "http"))))
	}
	paths := L()
	for range g.between(1, 2) {
		paths.Add(M("path", pick(g, "/", "/api"), "pathType", "Prefix", "backend", backend()))
	}
	spec := M("rules", L(M("host", g.hostName(), "http", M("paths", paths))))
	if g.chance(0.4) {
		spec.Set("tls", L(M("hosts", L(g.hostName()), "secretName", g.nameOf("Secret"))))
	}
	if g.chance(0.2) {
		spec.Set("defaultBackend", backend())
	}
	if g.chance(0.4) {
		spec.Set("ingressClassName", "nginx")
	}
	o.body.Set("spec", spec)
	if g.chance(0.2) {
		meta := o.body.Get("metadata").(*yamltext.Map)
		meta.Set("annotations", M("nginx.ingress.kubernetes.io/auth-secret", g.nameOf("Secret"),
			"ingress.kubernetes.io/auth-tls-secret", g.nameOf("Secret")))
	}
}

func serviceAccount(g *gen, o *object) {
	if g.chance(0.3) {
		o.body.Set("imagePullSecrets", L(M("name", g.nameOf("Secret"))))
	}
	if g.chance(0.2) {
		o.body.Set("secrets", L(M("name", g.nameOf("Secret"))))
	}
	if g.chance(0.2) {
		o.body.Set("automountServiceAccountToken", g.chance(0.5))
	}
}

func role(g *gen, o *object) {
	rules := L()
	for range g.between(0, 2) {
		rule := M("apiGroups", pick(g, L(""), L("apps", "*")), "resources", pick(g, L("secrets"), L("pods",
			"pods/log")), "verbs", L("get", "list"))
		if g.chance(0.4) {
			rule.Set("resourceNames", L(g.nameOf("Secret"), g.nameOf("ConfigMap")))
		}
		rules.Add(rule)
	}
	o.body.Set("rules", rules)
	if o.kind == "ClusterRole" && g.chance(0.2) {
		o.body.Set("aggregationRule", M("clusterRoleSelectors", L(M("matchLabels", g.labelMap()))))
	}
}

func roleBinding(g *gen, o *object) {
	kind := "ClusterRole"
	if o.kind == "RoleBinding" && g.chance(0.6) {
		kind = "Role"
	}
	o.body.Set("roleRef", M("apiGroup", "rbac.authorization.k8s.io", "kind", kind, "name", g.nameOf(kind)))
	subjects := L()
	for range g.between(1, 2) {
		subject := M("kind", "ServiceAccount", "name", pick(g, g.nameOf("ServiceAccount"),
			g.nameOf("ServiceAccount"), "default"))
		if g.chance(0.7) {
			subject.Set("namespace", g.namespaceName())
		}
		subjects.Add(subject)
	}
	if g.chance(0.2) {
		subjects.Add(M("kind", "User", "name", "jane", "apiGroup", "rbac.authorization.k8s.io"))
	}
	o.body.Set("subjects", subjects)
}

func autoscaler(g *gen, o *object) {
	kind := pick(g, "Deployment", "StatefulSet")
	o.body.Set("spec", M("scaleTargetRef", M("apiVersion", "apps/v1", "kind", kind, "name", g.nameOf(kind)),
		"minReplicas", 1, "maxReplicas", g.between(2, 9),
		"metrics", L(M("type", "Resource", "resource", M("name", "cpu", "target", M("type", "Utilization",
			"averageUtilization", 80))))))
}

func disruptionBudget(g *gen, o *object) {
	o.body.Set("spec", M("minAvailable", pick[any](g, 1, "50%"), "selector", M("matchLabels", g.selector())))
}

func networkPolicy(g *gen, o *object) {
	peer := M("podSelector", M("matchLabels", g.selector()))
	if g.chance(0.3) {
		peer.Set("namespaceSelector", M())
	}
	spec := M("podSelector", pick(g, M(), M("matchLabels", g.selector())), "policyTypes", L("Ingress"),
		"ingress", L(M("from", L(peer), "ports", L(M("port", 80, "protocol", "TCP")))))
	if g.chance(0.3) {
		spec.Set("egress", L(M("to", L(M("ipBlock", M("cidr", "0.0.0.0/0"))))))
	}
	o.body.Set("spec", spec)
}

func volumeClaim(g *gen, o *object) {
	spec := M("accessModes", L("ReadWriteOnce"), "resources", M("requests", M("storage", "1Gi")))
	if g.chance(0.4) {
		spec.Set("storageClassName", g.nameOf("StorageClass"))
	}
	if g.chance(0.3) {
		spec.Set("volumeName", g.nameOf("PersistentVolume"))
	}
	o.body.Set("spec", spec)
}

func volume(g *gen, o *object) {
	o.body.Set("spec", M("capacity", M("storage", "5Gi"), "hostPath", M("path", "/data"), "storageClassName",
		g.nameOf("StorageClass"),
		"claimRef", M("kind", "PersistentVolumeClaim", "name", g.nameOf("PersistentVolumeClaim"), "namespace",
			g.namespaceName())))
}

func storageClass(g *gen, o *object) {
	o.body.Set("provisioner", "example.com/disk")
	if g.chance(0.5) {
		o.body.Set("parameters", g.data())
	}
}

func definition(g *gen, o *object) {
	plural := pick(g, "widgets", "gadgets")
	o.original = plural + ".example.com"
	o.name = o.original
	o.body.Get("metadata").(*yamltext.Map).Set("name", o.name)
	kind := map[string]string{"widgets": "Widget", "gadgets": "Gadget"}[plural]
	o.body.Set("spec", M("group", "example.com", "scope", pick(g, "Namespaced", "Cluster"), "names", M("kind",
		kind, "plural", plural),
		"versions", L(M("name", "v1", "served", true, "storage", true, "schema", M("openAPIV3Schema",
			M("type", "object", "properties", g.value(2)))))))
	if g.chance(0.3) {
		o.body.Get("spec").(*yamltext.Map).Set("conversion", M("strategy", "Webhook", "webhook",
			M("conversionReviewVersions", L("v1"),
				"clientConfig", M("service", M("name", g.nameOf("Service"), "namespace", g.namespaceName(),
					"path", "/convert")))))
	}
}

func widget(g *gen, o *object) {
	spec := M("configRef", M("name", g.nameOf("ConfigMap")), "replicas", g.between(0, 5), "image", g.image())
	for range g.between(0, 4) {
		spec.Set(g.fieldName(), g.value(3))
	}
	if g.chance(0.4) {
		spec.Set("parts", L(M("name", "first", "size", 1), M("name", "second", "size", 2, "tags", L("x", "y"))))
	}
	if g.chance(0.3) {
		spec.Set("template", M("metadata", M("labels", g.labelMap()), "spec", M("containers", L(M("name",
			"main", "image", g.image())))))
	}
	if g.chance(0.3) {
		spec.Set("selector", M("matchLabels", g.selector()))
	}
	o.body.Set("spec", spec)
}

func helmRelease(g *gen, o *object) {
	o.body.Set("spec", M("interval", "5m", "chart", M("spec", M("chart", "podinfo", "version", "6.x",
		"sourceRef", M("kind", "HelmRepository", "name", "podinfo"))),
		"valuesFrom", L(M("kind", pick(g, "ConfigMap", "Secret"), "name",
			g.nameOf("ConfigMap"))), "values", g.value(3)))
}

func serviceMonitor(g *gen, o *object) {
	o.body.Set("spec", M("selector", M("matchLabels", g.selector()), "endpoints", L(M("port", "metrics",
		"interval", "30s"))))
}

func webhook(g *gen, o *object) {
	o.body.Set("webhooks", L(M("name", "check.example.com", "clientConfig", M("service", M("name",
		g.nameOf("Service"), "namespace", g.namespaceName(), "path", "/check")),
		"admissionReviewVersions", L("v1"), "sideEffects", "None", "rules", L(M("apiGroups", L("*"),
			"operations", L("CREATE"))))))
}

func apiService(g *gen, o *object) {
	o.original = "v1.metrics.example.com"
	o.name = o.original
	o.body.Get("metadata").(*yamltext.Map).Set("name", o.name)
	o.body.Set("spec", M("group", "metrics.example.com", "version", "v1", "service", M("name",
		g.nameOf("Service"), "namespace", g.namespaceName())))
}
