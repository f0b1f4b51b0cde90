// SPDX-License-Identifier: Apache-2.0
#include "cli/help.hpp"

namespace primocane {

const CommandHelp program_help{
    .name = "primocane",
    .summary = "Makes a Kubernetes cluster equal to a folder of a Git repository, and keeps it so.",
    .details = R"(Examples:
  primocane init                   write the configuration by answering questions
  primocane check-config           is the configuration right, and what is in force?
  primocane plan                   what would change in the cluster?
  primocane status                 what did the agent do, and how is it?
  primocane reconcile --wait       look at Git now instead of at the next interval

Files:
  /etc/primocane/config.yaml       the configuration; docs/configuration.md explains each key
  /var/lib/primocane               Git mirror and caches; may be deleted when the agent is stopped
  /run/primocane                   control socket and status snapshot

Environment:
  STATE_DIRECTORY, RUNTIME_DIRECTORY   used for --state-dir and --runtime-dir where those are not
                                       given, as systemd sets them
  XDG_CACHE_HOME                       build and plan DIR keep what they fetch in primocane below it
                                       (else in ~/.cache)
  https_proxy                          used by build for what it fetches

Exit codes:
  0   done
  1   failed
  2   a plan has changes
  64  wrong usage
  69  this system can't run the agent
  75  an agent is already running
  78  the configuration is wrong

'primocane COMMAND --help' tells more about each command.)"};

const CommandHelp agent_help{
    .name = "agent",
    .summary = "run the agent until it is stopped",
    .details =
        R"(Fetches the branch, renders the folder, makes the cluster equal to it, and repeats that at each
interval, on SIGHUP and on 'primocane reconcile'. Stop it whenever you like: the next start goes on.
It tells what it does in the journal, or on standard error where that is no journal. Without a
configuration it waits for one; on SIGHUP it reads a changed one, and keeps the former if that is
wrong.

Examples:
  primocane agent                  as root, with /etc/primocane/config.yaml
  primocane agent --config ./config.yaml --state-dir ./state --runtime-dir ./run   without root

Exit codes:
  0   stopped by SIGTERM or SIGINT
  1   failed
  69  this system can't run it, for example because renderers can't be locked in
  75  another agent uses the same --state-dir or --runtime-dir
  78  the configuration is wrong: a service manager need not try again before it has been changed)"};

const CommandHelp status_help{
    .name = "status",
    .summary = "show what is applied, how old it is, and what is wrong",
    .details =
        R"(Asks the running agent. Where none runs, shows the last snapshot and says so; the times in a
snapshot are those of the last pass that had news.

Examples:
  primocane status
  primocane status -o json | jq -r .appliedRevision

Exit codes:
  0   the cluster is as Git says
  1   it is not, or no agent is running)"};

const CommandHelp get_help{
    .name = "get",
    .summary = "list Kustomizations and HelmReleases, and how each stands",
    .details =
        R"(One line for each: its namespace and name, the revision that was applied last, whether it is
suspended, whether it is ready and for how long, and what is to be said about it. The first one is
the folder of the configuration. HelmReleases follow, with the version of their chart. As JSON or
YAML all are one list, in which each says its kind.

Examples:
  primocane get
  primocane get -o json | jq -r '.[] | select(.ready != "True") | .message'

Exit codes:
  0   all are ready or suspended
  1   one is not, or no agent is running)"};

const CommandHelp tree_help{
    .name = "tree",
    .summary = "show which Kustomization contains which, and their HelmReleases",
    .details =
        R"(Each below the one in whose rendering it lies, with its source, its path and the number of its
objects. A HelmRelease has its chart and the version that is deployed.

Examples:
  primocane tree
  primocane tree -o yaml

Exit codes:
  0   done
  1   no agent is running)"};

const CommandHelp drift_help{
    .name = "drift",
    .summary = "list what others changed, who it was, and how soon it was put right",
    .details =
        R"(One line for each revert, the newest last: when, which object, who by its managed fields, which
of its fields (or why, where that is not known), how long it was not as Git says, and how long the
revert took since it was noticed. Times are UTC. The agent remembers the last 500 since its start;
older ones are in the journal, and then the command that shows them is printed.

Examples:
  primocane drift                  all that the agent remembers
  primocane drift --since 2h       also a date, 2026-11-23, or a time, 2026-11-23T19:08:47Z
  primocane drift -o json | jq -r '.records[] | .manager + " " + .object'

Exit codes:
  0   done
  1   no agent is running)"};

const CommandHelp explain_help{
    .name = "explain",
    .summary = "tell where an object comes from, and what others did to it",
    .details =
        R"(Tells file and line in Git, the commit, the Kustomization with those in which it lies, how the
object stands, who else has written it, and each change by others that the agent remembers. Flux's
own objects are explained too. Values of objects are never printed. The letters' case of KIND does
not matter; without a namespace all objects of that name are told.

Examples:
  primocane explain deployment/web
  primocane explain Deployment/home/web      as the journal names it
  primocane explain helmrelease/web -n home -o yaml

Exit codes:
  0   done
  1   no Kustomization desires such an object, more than 20 have that name, or no agent is running)"};

const CommandHelp reconcile_help{
    .name = "reconcile", .summary = "ask the agent for a pass now", .details = R"(Examples:
  primocane reconcile                            returns at once
  primocane reconcile --wait                     returns when what is in Git now has been applied
  primocane reconcile --wait --confirm-prune 3f1c9a   after a refusal: deletes what it listed

Exit codes:
  0   asked for; with --wait: the pass ended without a problem
  1   no agent is running; with --wait: the pass could not do all it should)"};

const CommandHelp suspend_help{
    .name = "suspend",
    .summary = "leave the cluster as it is for a while",
    .details =
        R"(A pause for maintenance: nothing is applied, reverted or deleted, of one Kustomization or of all.
Git is still fetched. The cluster keeps it, so that it outlives the agent and holds on all nodes. When
its time is over, or on 'primocane resume', everything becomes as Git says by then. Returns when the
pass that runs at the moment has ended and nothing of it is under way any more.

Examples:
  primocane suspend --for 2h                     everything, for two hours
  primocane suspend apps                         one Kustomization, until it is resumed
  primocane suspend flux-system/apps --for 30m   where several are called apps

Exit codes:
  0   it is suspended
  1   it is not, or no agent is running)"};

const CommandHelp resume_help{
    .name = "resume",
    .summary = "end a pause that suspend has begun",
    .details =
        R"(Returns when a pass has made the cluster as Git says. What spec.suspend in Git says stays so.

Examples:
  primocane resume                               the pause of everything
  primocane resume apps                          that of one Kustomization

Exit codes:
  0   it has no pause any more
  1   no agent is running, or the API server could not be asked)"};

const CommandHelp plan_help{
    .name = "plan",
    .summary = "show what would change in the cluster, field by field",
    .details =
        R"(Renders a revision or a folder, with all the Kustomizations that it contains, and asks the API
server what applying it would change, by server-side dry runs. Changes nothing. Values of Secrets
are masked. Of HelmReleases it shows nothing: the agent finds out what they come to.

Examples:
  primocane plan                                 the newest commit of the branch
  primocane plan --revision feature/new-dns      any branch, tag or commit of the repository
  primocane plan --path ~/cluster/clusters/home  a checkout, before it is committed

Exit codes:
  0   nothing would change
  1   failed
  2   something would change
  78  the configuration is wrong)"};

const CommandHelp adopt_help{
    .name = "adopt",
    .summary = "go on where Flux stands in the cluster",
    .details =
        R"(Checks that the configuration names what Flux follows and that all of it can be followed, else
says what can't and changes nothing. Then suspends Flux's Kustomizations and HelmReleases, scales
kustomize-controller and helm-controller to 0, waits for their end, makes what they have applied
primocane's, and asks the running agent for a pass. Deletes nothing and restarts nothing. Stopped at
any point, it goes on there when it is given again. 'primocane release' undoes it.

Examples:
  sudo primocane adopt flux --dry-run
  sudo primocane adopt flux

Exit codes:
  0   done; with --dry-run: nothing is left to do
  1   failed, or something is in the way
  2   with --dry-run: something is to be done
  78  the configuration is wrong)"};

const CommandHelp release_help{
    .name = "release",
    .summary = "give the cluster back to Flux",
    .details =
        R"(Undoes 'primocane adopt flux': makes what primocane has applied kustomize-controller's, deletes the
HelmCharts that stand for HelmReleases without uninstalling these, deletes what primocane kept about
its sets, gives Flux's controllers their replicas and resumes what adopt had suspended. Deletes no
object of the repository. Needs agents that are stopped, on all nodes. Stopped at any point, it goes
on there when it is given again.

Examples:
  sudo systemctl disable --now primocane && sudo primocane release

Exit codes:
  0   done; with --dry-run: nothing is left to do
  1   failed, or something is in the way
  2   with --dry-run: something is to be done
  78  the configuration is wrong)"};

const CommandHelp build_help{
    .name = "build",
    .summary = "render a folder and print the objects as YAML",
    .details =
        R"(Prints what 'kustomize build' prints: the objects of the folder, rendered by the agent's own engine in
the same locked child process. Needs neither a cluster nor a configuration.

Examples:
  primocane build clusters/home
  primocane build --load-restrictor LoadRestrictionsNone clusters/home | kubectl diff --server-side -f -
  primocane build --age-key-file ~/age.key clusters/home   with Secrets in plain text

Exit codes:
  0   rendered
  1   the folder can't be rendered)"};

const CommandHelp init_help{
    .name = "init",
    .summary = "write a configuration by asking, and test each answer",
    .details =
        R"(Asks for the repository, how to sign in, branch, folder and kubeconfig, asks the server and renders
the folder as the agent will, and writes --config at the end. Passwords and tokens that are typed go
into the folder credentials beside it, readable by root alone. An option answers its question.

Examples:
  sudo primocane init
  sudo primocane init --yes --url https://git.example.org/me/home.git --path clusters/home

Exit codes:
  0   the configuration is written
  1   it is not, because the person left, an answer is wrong (with --yes) or there is one already
  64  wrong usage; with --yes or without a terminal: an option is missing)"};

const CommandHelp check_config_help{
    .name = "check-config",
    .summary = "check the configuration and print what is in force",
    .details =
        R"(Prints every key with its value and marks defaults, or says in which line what is wrong. Also
checks that the files which the configuration names are there.

Examples:
  primocane check-config
  primocane check-config --config ./config.yaml -o json

Exit codes:
  0   the configuration is right
  78  it is wrong)"};

const CommandHelp doctor_help{
    .name = "doctor",
    .summary = "check this node, Git and the API server, and say what to do",
    .details =
        R"(Looks at the configuration and the files that it names, the kernel, the clock, the memory cgroup, the
disk and its health, the box of renderers, Git, the API server and our rights there, other GitOps
tools, and the running agent. One line for each: ok, warning or problem, what was found, what to do.
Changes nothing. Run it as the agent runs: as root.

Examples:
  sudo primocane doctor
  sudo primocane doctor -o json | jq -r '.findings[] | select(.level != "ok") | .message'

Exit codes:
  0   nothing is a problem; there may be warnings
  1   something is)"};

const CommandHelp version_help{.name = "version",
                               .summary = "print the version",
                               .details = "Examples:\n  primocane version -o json"};

const CommandHelp completion_help{.name = "completion",
                                  .summary = "print a completion script for a shell",
                                  .details = R"(Examples:
  primocane completion bash > /etc/bash_completion.d/primocane
  primocane completion zsh > "${fpath[1]}/_primocane")"};

}  // namespace primocane
