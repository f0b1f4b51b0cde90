// SPDX-License-Identifier: Apache-2.0

// Prints expressions with what cel-go makes of them, a case a line; expression_test compares the
// agent with cases.jsonl. It is the cel-go that kustomize-controller v1.9.4 pins, set up as
// fluxcd/pkg runtime/cel v0.110.1 does. To compare it with more:
//
//	go run . -seed 2 -count 100000 > cases.jsonl
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	fluxcel "github.com/fluxcd/pkg/runtime/cel"
	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/ext"
	k8sjson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// Case is one line. Scope is "object" or "ready". Either Value is what the expression is worth, or
// Error says when it fails: "load", "evaluation", or "function" where it calls what there is not.
type Case struct {
	Scope      string `json:"scope"`
	Expression string `json:"expression"`
	Value      string `json:"value,omitempty"`
	Error      string `json:"error,omitempty"`
}

// World is world.yaml.
type World struct {
	Object map[string]any `json:"object"`
	Self   map[string]any `json:"self"`
	Dep    map[string]any `json:"dep"`
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func readWorld() (world World) {
	text := must(yaml.YAMLToJSON(must(os.ReadFile("world.yaml"))))
	if err := k8sjson.Unmarshal(text, &world); err != nil {
		panic(err)
	}
	return world
}

// environment is NewExpression's.
func environment(variables ...string) *cel.Env {
	options := []cel.EnvOption{
		cel.HomogeneousAggregateLiterals(),
		cel.EagerlyValidateDeclarations(true),
		cel.DefaultUTCTimeZone(true),
		cel.CrossTypeNumericComparisons(true),
		cel.OptionalTypes(),
		ext.Strings(),
		ext.Sets(),
		ext.Encoders(),
	}
	for _, name := range variables {
		options = append(options, cel.Variable(name, cel.ObjectType("google.protobuf.Struct")))
	}
	return must(cel.NewEnv(options...))
}

type oracle struct {
	world    World
	unknown  *cel.Env
	declared *cel.Env
}

// callsUnknown tells whether the expression calls a function that there is not, or none with that
// many arguments.
func callsUnknown(env *cel.Env, parsed *cel.Ast) bool {
	found := false
	counts := map[string]map[int]bool{}
	for name, function := range env.Functions() {
		counts[name] = map[int]bool{}
		for _, overload := range function.OverloadDecls() {
			counts[name][len(overload.ArgTypes())] = true
		}
	}
	visitor := ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind {
			return
		}
		call := e.AsCall()
		name, count := strings.TrimPrefix(call.FunctionName(), "."), len(call.Args())
		if name == operators.LogicalAnd || name == operators.LogicalOr {
			return
		}
		if call.IsMemberFunction() {
			prefix := qualified(call.Target())
			if counts[prefix+"."+name] != nil {
				name = prefix + "." + name
			} else {
				count++
			}
		}
		if !counts[name][count] {
			found = true
		}
	})
	ast.PostOrderVisit(parsed.NativeRep().Expr(), visitor)
	return found
}

func qualified(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		return e.AsIdent()
	case ast.SelectKind:
		if prefix := qualified(e.AsSelect().Operand()); prefix != "" && !e.AsSelect().IsTestOnly() {
			return prefix + "." + e.AsSelect().FieldName()
		}
	}
	return ""
}

// judge finds out what an expression is worth; ok is false where cel-go panics: on lists, maps and
// bytes as keys.
func (o *oracle) judge(scope, expression string) (row Case, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	row = Case{Scope: scope, Expression: expression}
	env, data := o.unknown, o.world.Object
	parse := env.Parse
	if scope == "ready" {
		env, data = o.declared, map[string]any{"self": o.world.Self, "dep": o.world.Dep}
		parse = env.Compile
	}
	if parsed, issues := env.Parse(expression); issues == nil && callsUnknown(env, parsed) {
		row.Error = "function"
		return row, true
	}
	tree, issues := parse(expression)
	if issues != nil || (scope == "ready" && tree.OutputType() != types.BoolType) {
		row.Error = "load"
		return row, true
	}
	program, err := env.Program(tree, cel.EvalOptions(cel.OptOptimize), cel.InterruptCheckFrequency(100))
	if err != nil {
		row.Error = "load"
		return row, true
	}
	value, _, err := program.ContextEval(context.Background(), data)
	if err != nil {
		row.Error = "evaluation"
		return row, true
	}
	row.Value = text(value)
	return row, true
}

// checkFlux holds what was found against Flux's own function.
func (o *oracle) checkFlux(row Case) {
	if row.Value != "true" && row.Value != "false" {
		return
	}
	options, data := []fluxcel.Option{}, o.world.Object
	if row.Scope == "ready" {
		data = map[string]any{"self": o.world.Self, "dep": o.world.Dep}
		options = append(options, fluxcel.WithCompile(), fluxcel.WithOutputType(cel.BoolType),
			fluxcel.WithStructVariables("self", "dep"))
	}
	result, err := must(fluxcel.NewExpression(row.Expression, options...)).EvaluateBoolean(context.Background(), data)
	if err != nil || strconv.FormatBool(result) != row.Value {
		panic(fmt.Sprint(row, result, err))
	}
}

func quoted(s string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		panic(err)
	}
	// The agent's writer has no short forms of these two.
	return strings.NewReplacer(`\\`, `\\`, `\b`, `\u0008`, `\f`, `\u000c`).Replace(strings.TrimSuffix(b.String(), "\n"))
}

// text writes a value with its types.
func text(value ref.Val) string {
	switch v := value.(type) {
	case types.Null:
		return "null"
	case types.Bool:
		return strconv.FormatBool(bool(v))
	case types.Int:
		return strconv.FormatInt(int64(v), 10)
	case types.Uint:
		return strconv.FormatUint(uint64(v), 10) + "u"
	case types.Double:
		return fmt.Sprintf("%gd", float64(v))
	case types.String:
		return quoted(string(v))
	case types.Bytes:
		return "b" + quoted(base64.StdEncoding.EncodeToString(v))
	case types.Timestamp:
		return "timestamp(" + v.Format(time.RFC3339Nano) + ")"
	case types.Duration:
		return fmt.Sprintf("duration(%d)", int64(v.Duration))
	case *types.Optional:
		if !v.HasValue() {
			return "optional.none()"
		}
		return "optional(" + text(v.GetValue()) + ")"
	case *types.Type:
		return "type(" + v.TypeName() + ")"
	case traits.Lister:
		items := []string{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			items = append(items, text(it.Next()))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case traits.Mapper:
		entries := []string{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			key := it.Next()
			entries = append(entries, text(key)+": "+text(v.Get(key)))
		}
		sort.Strings(entries)
		return "{" + strings.Join(entries, ", ") + "}"
	}
	panic(fmt.Sprintf("%T", value))
}

// written reads written.txt, an expression a line.
func written() (rows []Case) {
	for _, line := range strings.Split(string(must(os.ReadFile("written.txt"))), "\n") {
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		if expression, ok := strings.CutPrefix(line, "ready: "); ok {
			rows = append(rows, Case{Scope: "ready", Expression: expression})
			continue
		}
		rows = append(rows, Case{Scope: "object", Expression: line})
	}
	return rows
}

func main() {
	seed := flag.Int64("seed", 1, "of the expressions that are made up")
	count := flag.Int("count", 500, "how many to make up")
	flag.Parse()
	o := &oracle{world: readWorld(), unknown: environment(), declared: environment("self", "dep")}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	print := func(row Case) {
		judged, ok := o.judge(row.Scope, row.Expression)
		if !ok {
			return
		}
		o.checkFlux(judged)
		if err := out.Encode(judged); err != nil {
			panic(err)
		}
	}
	for _, row := range written() {
		print(row)
	}
	g := generator{rand.New(rand.NewSource(*seed))}
	for range *count {
		print(g.row())
	}
}
