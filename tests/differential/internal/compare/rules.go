// SPDX-License-Identifier: Apache-2.0

package compare

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"primocane.dev/tests/differential/internal/engine"
	"primocane.dev/tests/differential/internal/tree"
)

// A Rule is a difference that is wanted, or known and accepted; docs/kustomize.md lists them for users.
type Rule struct {
	Name   string
	Reason string
	Fits   func(t *tree.Tree, theirs, ours engine.Answer) bool
}

// Rules are all of them. A tree to which one applies is not compared further.
var Rules = []Rule{
	{
		Name: "characters that break lines",
		Reason: "kustomize's printer breaks the line at U+0085, U+2028 and U+2029 and its reader then has a space there: " +
			"the character is lost. Ours keeps it, as an escape.",
		Fits: func(t *tree.Tree, _, _ engine.Answer) bool {
			return holds(t, "\u0085", "\u2028", "\u2029", `\u0085`, `\u2028`, `\u2029`, `\x85`, `\N`, `\L`, `\P`)
		},
	},
	{
		Name: "characters that kustomize cannot read back",
		Reason: "kustomize prints some control characters (U+007F) unescaped and then refuses its own text. " +
			"Kubernetes takes them.",
		Fits: func(_ *tree.Tree, theirs, ours engine.Answer) bool {
			return refusal(theirs, ours, "control characters are not allowed")
		},
	},
	{
		Name: "keys that look like numbers",
		Reason: "kustomize prints the key of a label or annotation that it adds without quotes and then refuses its own text " +
			"(labels: {\"7\": x}).",
		Fits: func(_ *tree.Tree, theirs, ours engine.Answer) bool {
			return refusal(theirs, ours, "json: unsupported type: map[interface {}]interface {}")
		},
	},
	{
		Name: "validators that leave notes",
		Reason: "kustomize compares its own notes as well, and calls it a change when a validator leaves the same labels in " +
			"another order or as texts. Ours compares the objects.",
		Fits: func(_ *tree.Tree, theirs, ours engine.Answer) bool {
			return refusal(theirs, ours, "validator shouldn't modify the resource map")
		},
	},
	{
		Name: "notes in annotations",
		Reason: "kustomize notes in an object's annotations what it was called, where a patch can copy it to elsewhere. " +
			"Ours notes it beside the object. The notes config.kubernetes.io/index and path it also puts back where a " +
			"patch took them away.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return theirs.Result == engine.Built && strings.Contains(theirs.Text, "internal.config.kubernetes.io/") ||
				refuses(ours, "annotations.[config.kubernetes.io/") && hasText(t, patchedAnnotations) ||
				refusal(theirs, ours, "number of previous names, number of previous namespaces")
		},
	},
	{
		Name:   "folders without a kustomization",
		Reason: "kustomize refuses them, ours builds all YAML files below them as Flux does.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return refusal(theirs, ours, "unable to find one of") && !hasKustomization(t, t.Folder)
		},
	},
	{
		Name:   "empty documents before a kustomization",
		Reason: "kustomize reads the first document of its file, though it is empty; ours the one that is not.",
		Fits: func(_ *tree.Tree, theirs, ours engine.Answer) bool {
			return refusal(theirs, ours, "kustomization.yaml is empty")
		},
	},
	{
		Name: "text behind a flow collection",
		Reason: "kustomize stops reading its own file and JSON behind the closing bracket or at a directive, whatever follows; " +
			"ours says that it does not belong there.",
		Fits: func(_ *tree.Tree, _, ours engine.Answer) bool {
			return refuses(ours, "this does not continue what is above it", "(directives are refused)",
				"line may hold nothing but a comment", "illegal flow end")
		},
	},
	{
		Name: "quotes within a scalar of a flow mapping",
		Reason: "yaml-cpp ends a plain scalar in a flow collection at the end of its line if a quote begins the next one. " +
			"Ours refuses it.",
		Fits: func(t *tree.Tree, _, ours engine.Answer) bool {
			return refuses(ours, `a key is missing before ":"`) && hasText(t, quoteOnNextLine)
		},
	},
	{
		Name:   "sortOptions of bases",
		Reason: "kustomize ignores what is wrong in sortOptions that are not those of the folder that is built.",
		Fits: func(_ *tree.Tree, _, ours engine.Answer) bool {
			return refuses(ours, "order of sortOptions must be")
		},
	},
	{
		Name: "fields that replacements make of words",
		Reason: "kustomize gives a field that a replacement makes no type: it reads as what is written there, until a patch " +
			"to the same object, whatever it changes, makes it a text. Ours keeps the type that it had at first.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return holds(t, "create") && sameBut(theirs, ours, quotedWord)
		},
	},
	{
		Name: "names that are no texts",
		Reason: "a replacement that copies a number or null to metadata.name makes it one there, and in what names the object, " +
			"which Kubernetes refuses. Ours makes it a text.",
		Fits: func(_ *tree.Tree, theirs, ours engine.Answer) bool {
			return sameBut(theirs, ours, numberName)
		},
	},
	{
		Name: "block scalars with an anchor or a tag in a list",
		Reason: "yaml-cpp takes the column of the anchor in `- &a |` for that of the list, and does not find the text. " +
			"Ours refuses them.",
		Fits: func(t *tree.Tree, _, ours engine.Answer) bool {
			return ours.Result == engine.Failed && hasLine(t, anchoredBlock)
		},
	},
	{
		Name: "fields of the wrong shape",
		Reason: "kustomize refuses a list where it looks for a mapping on the way to a name or an image, and a subject " +
			"without a name. Ours finds nothing there, unless it has names to put in, and leaves it to Kubernetes.",
		Fits: func(_ *tree.Tree, theirs, ours engine.Answer) bool {
			return refusal(theirs, ours, "expected sequence or mapping node") ||
				refusal(theirs, ours, "path config error; no 'name' field in node") ||
				refusal(theirs, ours, "wrong node kind: expected") ||
				refusal(theirs, ours, "is expected to be either a string or a map of string")
		},
	},
	{
		Name:   "metadata of the wrong shape",
		Reason: "kustomize prints what no transformer touches; ours refuses what can be no object.",
		Fits: func(_ *tree.Tree, _, ours engine.Answer) bool {
			return ours.Result == engine.Failed && malformed.MatchString(ours.Text)
		},
	},
	{
		Name:   "comments that kustomize garbles",
		Reason: "a comment between a key and its block makes kustomize print what it cannot read back.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return (refusal(theirs, ours, "yaml: line") || refusal(theirs, ours, "yaml: invalid map key")) &&
				!strings.Contains(theirs.Text, "MalformedYAML") && hasLine(t, comment)
		},
	},
	{
		Name:   "crds that begin with a brace",
		Reason: "kustomize takes them for JSON, ours for YAML, of which JSON is a part.",
		Fits: func(_ *tree.Tree, theirs, ours engine.Answer) bool {
			return refusal(theirs, ours, "unable to parse open API definition")
		},
	},
	{
		Name: "numbers and dates in unusual spellings",
		Reason: "a replacement or merge copies the text of a scalar; ours knows the usual spellings and refuses others, " +
			"or writes the number as JSON does.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return refuses(ours, " an unusual spelling") ||
				hasText(t, unusualNumber) && sameBut(theirs, ours, anyNumber)
		},
	},
	{
		Name: "values that never reach the output",
		Reason: "kustomize looks at the type of a scalar when it prints it, and at an openapi document when it needs it; " +
			"ours when it reads or sets it.",
		Fits: func(t *tree.Tree, _, ours engine.Answer) bool {
			return refuses(ours, "an integer is needed there", "the value is no !!", "a key must be a string, not a collection") ||
				ours.Result == engine.Failed && schemaFault.MatchString(ours.Text)
		},
	},
	{
		Name:   "tags before a comma or bracket",
		Reason: "go-yaml takes the comma or bracket for a part of the tag in [!, a] and misses it then.",
		Fits: func(t *tree.Tree, _, ours engine.Answer) bool {
			return ours.Result == engine.Built && hasText(t, tagBeforeComma)
		},
	},
	{
		Name:   "tags of one's own",
		Reason: "kustomize expands no vars where a tag stands that YAML does not define (!custom text), or refuses it.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return hasText(t, ownTag) &&
				(sameBut(theirs, ours, varValue) || refusal(theirs, ours, "invalid value type expect a string"))
		},
	},
	{
		Name:   "numbers that JSON does not have",
		Reason: "kustomize fails over .inf and .nan only when they reach its output.",
		Fits: func(_ *tree.Tree, _, ours engine.Answer) bool {
			return refuses(ours, "has no form in JSON")
		},
	},
	{
		Name:   "several documents in a kustomization file",
		Reason: "kustomize reads the first one without a word.",
		Fits: func(_ *tree.Tree, _, ours engine.Answer) bool {
			return refuses(ours, "a kustomization file holds one document", "of an anchor that is not defined")
		},
	},
	{
		Name:   "numbers that are keys of lists",
		Reason: "kustomize compares the texts of ports and names when it merges lists, so that 0x50 is not 80.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return theirs.Result == ours.Result && hasText(t, unusualKey)
		},
	},
	{
		Name:   "keys that are no texts",
		Reason: "kustomize merges patches whose keys are numbers where the object has them too. Ours asks for quotes.",
		Fits: func(_ *tree.Tree, _, ours engine.Answer) bool {
			return refuses(ours, "must be a string: quote it")
		},
	},
	{
		Name:   "names that a patch takes away",
		Reason: "kustomize goes on with what a JSON patch leaves of a name, be it a number, a word or the hash alone.",
		Fits: func(_ *tree.Tree, theirs, ours engine.Answer) bool {
			return theirs.Result == engine.Built && refuses(ours, "has no metadata.name any more")
		},
	},
	{
		Name:   "generators whose labels are numbers",
		Reason: "kustomize wants texts in the files of generators, and takes scalars in kustomizations. Ours takes both.",
		Fits: func(_ *tree.Tree, theirs, ours engine.Answer) bool {
			return refusal(theirs, ours, "into Go struct field GeneratorOptions")
		},
	},
	{
		Name:   "texts that do not fit a template",
		Reason: "kustomize's IAMPolicyGenerator puts texts into YAML as they are.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return refusal(theirs, ours, "could not find expected ':'") && holds(t, "IAMPolicyGenerator")
		},
	},
	{
		Name: "patches for kinds that an openapi document has without namespace",
		Reason: "kustomize takes no notice of a namespace in them then. Ours looks for an object of that namespace; of the " +
			"kinds that are built in neither does.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return theirs.Result == engine.Built && refuses(ours, "no object is what patch") && holds(t, `"paths"`)
		},
	},
	{
		Name:   "lists without items",
		Reason: "kustomize makes their metadata, which they do not have.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return hasText(t, listKind) && sameBut(theirs, ours, emptyMetadata)
		},
	},
	{
		Name:   "annotations that are a list",
		Reason: "kustomize makes a mapping of a list that a JSON patch puts there.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return hasText(t, patchedAnnotations) && sameBut(theirs, ours, annotations)
		},
	},
	{
		Name: "nothing in brackets",
		Reason: "kustomize prints {a: } as '' where it prints an object and reads it again, which it does not with the items " +
			"of a List, and does with what a patch puts into brackets.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return sameBut(theirs, ours, nullOrEmpty) && (hasText(t, listKind) || hasText(t, leftOut))
		},
	},
	{
		Name: "folded scalars that kustomize prints otherwise",
		Reason: "kustomize does not print and read again the items of a List, what a patch puts in the place of a quoted " +
			"text, and annotations that it has set, so that a kept folded scalar there lacks the line break that it has elsewhere.",
		Fits: func(t *tree.Tree, theirs, ours engine.Answer) bool {
			return hasLine(t, foldedScalar) && sameBut(theirs, ours, emptyLine)
		},
	},
	{
		Name:   "empty keys",
		Reason: "kustomize's merge of patches loses the key \"\", or fails over it.",
		Fits: func(t *tree.Tree, _, _ engine.Answer) bool {
			return hasLine(t, emptyKey)
		},
	},
}

var (
	anchoredBlock      = regexp.MustCompile(`^\s*(?:[-?:] *)+(?:[&!]\S* +)+[|>]`)
	emptyKey           = regexp.MustCompile(`(?:""|'')\s*:|\? *(?:""|'')`)
	malformed          = regexp.MustCompile(`(?:metadata\.?\w*|apiVersion) must be |items of \w*List must be a list`)
	foldedScalar       = regexp.MustCompile(`[-:] +(?:[&!]\S* +)*>`)
	quoteOnNextLine    = regexp.MustCompile(`\w\n\s*["']`)
	numberName         = regexp.MustCompile(`(?m)^(?:  )?name: "?(?:[\d.]+|null|true|false)"?$`)
	quotedWord         = regexp.MustCompile(`(?m): "?(?:[\d.]+|null|true|false)"?$`)
	ownTag             = regexp.MustCompile(`[\s\[{,]!\w`)
	varValue           = regexp.MustCompile(`(?m): .*$`)
	listKind           = regexp.MustCompile(`kind\S*\s*:.*List`)
	emptyMetadata      = regexp.MustCompile(`(?m)^metadata: \{\}\n`)
	patchedAnnotations = regexp.MustCompile(`/metadata/annotations\W`)
	annotations        = regexp.MustCompile(`(?m)^  annotations:\n(?:    .*\n)+`)
	nullOrEmpty        = regexp.MustCompile(`(?m)(?:null|"")$`)
	comment            = regexp.MustCompile(`(?:^|\s)#`)
	unusualKey         = regexp.MustCompile(`(?i:port|name|key|ip|path|protocol)["']?\s*:\s*["']?(?:\+|0\d|[-\d.]*(?:0x|0o|0b|\d_|\d\.|\de))`)
	leftOut            = regexp.MustCompile(`[:-]\s*(?:\n|$)`)
	schemaFault        = regexp.MustCompile(`schema-\d+\.json:\d+: `)
	tagBeforeComma     = regexp.MustCompile(`[\s\[{,:]![\w!:.,/%-]*\s*[,\]}]`)
	unusualNumber      = regexp.MustCompile(`\d(?:[eE][-+]?\d|_\d|[xob]\d)|\d\.(?:\D|$)|[^\d\w]\.\d|\d{4}-\d\d?-\d\d?`)
	anyNumber          = regexp.MustCompile(`-[2456789bcdfghkmt]{10}\b|"?[-+]?[\d.][\w.:+-]*"?`)
	emptyLine          = regexp.MustCompile(`(?m)^\s*\n|[|>][-+]?$`)
)

func hasKustomization(t *tree.Tree, folder string) bool {
	for _, name := range []string{"kustomization.yaml", "kustomization.yml", "Kustomization"} {
		if _, ok := t.Files[path.Join(folder, name)]; ok {
			return true
		}
	}
	return false
}

func hasLine(t *tree.Tree, form *regexp.Regexp) bool {
	for _, file := range t.Files {
		if slices.ContainsFunc(strings.Split(file, "\n"), form.MatchString) {
			return true
		}
	}
	return false
}

func hasText(t *tree.Tree, form *regexp.Regexp) bool {
	for _, file := range t.Files {
		if form.MatchString(file) {
			return true
		}
	}
	return false
}

// sameBut tells whether both build the same if nothing is made of what matches.
func sameBut(theirs, ours engine.Answer, accepted *regexp.Regexp) bool {
	return theirs.Result == engine.Built && ours.Result == engine.Built &&
		accepted.ReplaceAllString(theirs.Text, "") == accepted.ReplaceAllString(ours.Text, "")
}

// holds tells whether one of the texts stands in a file.
func holds(t *tree.Tree, texts ...string) bool {
	for _, file := range t.Files {
		for _, text := range texts {
			if strings.Contains(file, text) {
				return true
			}
		}
	}
	return false
}

// refuses tells whether the answer is an error that holds one of the messages.
func refuses(answer engine.Answer, messages ...string) bool {
	return answer.Result == engine.Failed &&
		slices.ContainsFunc(messages, func(message string) bool { return strings.Contains(answer.Text, message) })
}

// refusal tells whether kustomize alone refuses, with that in its message.
func refusal(theirs, ours engine.Answer, message string) bool {
	return ours.Result == engine.Built && refuses(theirs, message)
}
