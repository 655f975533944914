//! Declares the arguments of every command, for the parser, the help and the manual page.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use super::colour_choice::ColourChoice;
use crate::finding::Severity;

/// Audits a repository's Dockerfiles and Kubernetes manifests, explains what it finds, and fixes it with one key.
#[derive(Debug, Parser)]
#[command(name = "seaworthy", version, subcommand_precedence_over_arg = true)]
#[command(override_usage = "seaworthy [OPTIONS] [PATH]\n       seaworthy [OPTIONS] <COMMAND>")]
pub(super) struct CliArgs {
    /// The repository, a folder or a file [default: .]
    pub path: Option<PathBuf>,
    #[command(flatten)]
    pub look: AppearanceArgs,
    #[command(subcommand)]
    pub command: Option<CliCommand>,
}

/// The options for the looks of the app.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct AppearanceArgs {
    /// terminal, dark, light, high-contrast or colour-blind
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// Draw with ASCII characters alone
    #[arg(long, global = true)]
    pub ascii: bool,
    /// When to use colours: auto goes by the environment, then by the terminal
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColourChoice::Auto)]
    pub color: ColourChoice,
}

#[derive(Debug, Subcommand)]
pub(super) enum CliCommand {
    /// Print what is found; exit 1 when something stands at or above --fail-on
    Check(CheckArgs),
    /// Fix what is safe to fix
    Fix(FixArgs),
    /// Take back what the app or `fix` wrote: the last write, or any step or hunk of the list
    Undo(UndoArgs),
    /// Take down what stands today, so that `check` and the app tell what is new
    Baseline {
        /// The repository, a folder or a file
        #[arg(default_value = ".")]
        path: PathBuf,
        /// Only take out what is gone, and take nothing new in
        #[arg(long)]
        shrink: bool,
    },
    /// Print the settings in effect, and where each comes from
    Config {
        /// The repository, a folder or a file
        #[arg(default_value = ".")]
        path: PathBuf,
    },
    /// List the rules
    Rules {
        #[arg(long, value_enum, default_value_t = RulesFormat::Text)]
        format: RulesFormat,
    },
    /// Explain a rule
    Explain { id: String },
    /// Harden an app step by step, in nine chapters
    Walk {
        /// The repository, a folder or a file
        #[arg(default_value = ".")]
        path: PathBuf,
    },
    /// Open the app on a small example, copied to DIR or to a temporary folder
    Demo { dir: Option<PathBuf> },
    /// Run an app in a container engine, as it is and hardened, and say what it needs
    ///
    /// Exit status: 0 where it lives hardened, 1 where it needs something or nothing was decided, 2 where nothing could be
    /// tried.
    Trial(TrialArgs),
    /// Print a Helm chart as Helm renders it, or what kustomizations build; with JSON, where each byte was written
    Render(RenderArgs),
    /// Print completions for a shell
    Completions { shell: clap_complete::Shell },
    /// Print the manual page
    Man,
}

#[derive(Debug, clap::Args)]
pub(super) struct TrialArgs {
    /// The repository, a folder or a file
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Only this app: a workload's name, with its kind or without; with a kustomization's folder and a colon before it as
    /// that builds it
    #[arg(long, value_name = "NAME")]
    pub app: Option<String>,
    /// Keep the images that are built for it
    #[arg(long)]
    pub keep: bool,
    /// Give builds and containers the engine's network; without it they have none
    #[arg(long)]
    pub network: bool,
    /// How much a run may write to the disk before it is ended; 1024 where nothing is said
    #[arg(long, value_name = "MEBIBYTES", value_parser = clap::value_parser!(u64).range(1..=1_048_576))]
    pub disk: Option<u64>,
    /// Keep what is seen in seaworthy.toml, for those who have no engine
    #[arg(long)]
    pub save: bool,
    /// How long each run is watched; 30 s where neither this nor the settings say it
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub time: Option<u64>,
}

#[derive(Debug, clap::Args)]
pub(super) struct RenderArgs {
    /// The chart: a folder with Chart.yaml, or a .tgz; any other folder is searched for kustomizations
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// A values file, over those before it
    #[arg(long, value_name = "FILE")]
    pub values: Vec<PathBuf>,
    /// Values as JSON, over all files
    #[arg(long, value_name = "JSON")]
    pub set_json: Option<String>,
    /// The release's name
    #[arg(long, value_name = "NAME")]
    pub release: Option<String>,
    /// The release's namespace
    #[arg(long, value_name = "NS")]
    pub namespace: Option<String>,
    /// As for an upgrade, not an installation
    #[arg(long)]
    pub upgrade: bool,
    /// The cluster's version
    #[arg(long, value_name = "V")]
    pub kube_version: Option<String>,
    /// An API version that the cluster has, beside the usual ones
    #[arg(long, value_name = "V")]
    pub api_versions: Vec<String>,
    /// One template alone, by its name
    #[arg(long, value_name = "PATH")]
    pub template: Option<String>,
    #[arg(long, value_enum, default_value_t = RenderFormat::Text)]
    pub format: RenderFormat,
}

/// The formats of a rendered chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RenderFormat {
    Text,
    Json,
}

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// Folders and files, or a pipe: - for standard input
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub format: CheckFormat,
    /// critical, high, medium, low, info or never
    ///
    /// Without it the settings decide, and without those medium.
    #[arg(long, value_name = "SEVERITY", value_parser = parse_threshold)]
    pub fail_on: Option<FailThreshold>,
    /// Also ask the registries of pinned images whether the digests still stand
    ///
    /// What they say is told besides the findings, and changes nothing about the exit status.
    #[arg(long)]
    pub online: bool,
    /// The file that what comes through a pipe stands for
    ///
    /// By its name it is known what it is, and in its place it is judged.
    #[arg(long, value_name = "NAME", value_hint = clap::ValueHint::FilePath)]
    pub stdin_filename: Option<PathBuf>,
    /// Only this rule; may be given several times
    #[arg(long = "rule", value_name = "ID", value_parser = parse_rule_id)]
    pub rules: Vec<&'static str>,
    /// Leave out what is allowed, and what the baseline knows
    #[arg(long)]
    pub only_open: bool,
    /// Judge by the defaults, whatever the repository's own seaworthy.toml and baseline say
    ///
    /// Comments in its files still allow what they name, and are listed.
    #[arg(long)]
    pub ignore_repository_settings: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct UndoArgs {
    /// The repository, a folder or a file
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Write nothing; list the steps with their hunks, the newest first, and whether each can be taken back
    #[arg(long, conflicts_with_all = ["step", "hunk"])]
    pub list: bool,
    /// Take back this step of the list, as far as its lines still stand
    #[arg(long, value_name = "NUMBER")]
    pub step: Option<u64>,
    /// Take back this hunk of the step alone
    #[arg(long, value_name = "NUMBER", requires = "step")]
    pub hunk: Option<usize>,
}

#[derive(Debug, clap::Args)]
pub(super) struct FixArgs {
    /// Folders and files
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Only this rule; may be given several times
    #[arg(long = "rule", value_name = "ID", value_parser = parse_rule_id)]
    pub rules: Vec<&'static str>,
    /// Also fixes that a program may notice
    #[arg(long)]
    pub review: bool,
    /// Also fixes whose value a registry has; the registries of the images are asked
    #[arg(long)]
    pub online: bool,
    /// Write nothing; print a patch for `patch -p1` or `git apply`
    #[arg(long)]
    pub diff: bool,
}

/// The form in which `check` prints its report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    Text,
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RulesFormat {
    Text,
    Json,
    /// A table for a document
    Markdown,
}

/// The severity from which on `check` fails; none for never.
#[derive(Clone, Copy, Debug)]
pub(super) struct FailThreshold(pub Option<Severity>);

fn parse_threshold(text: &str) -> Result<FailThreshold, String> {
    if text == "never" {
        return Ok(FailThreshold(None));
    }
    text.parse()
        .map(|severity| FailThreshold(Some(severity)))
        .map_err(|error: String| format!("{error}, or never"))
}

/// Reads a rule's id; the error names the id nearest to it.
pub(super) fn parse_rule_id(id: &str) -> Result<&'static str, String> {
    if let Some(rule) = crate::rules::find_rule(id) {
        return Ok(rule.id);
    }
    let near = crate::rules::nearest_rule_id(id)
        .map(|near| format!(" (did you mean `{near}`?)"))
        .unwrap_or_default();
    Err(format!("there is no such rule{near}: `seaworthy rules` lists them"))
}
