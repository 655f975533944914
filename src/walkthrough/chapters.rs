//! Holds the chapters of the walkthrough in their order, and the words of each.

use crate::fix::PlanValueKind;
use crate::rules::rule_ids;

/// One step of the walkthrough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Chapter {
    User,
    Host,
    Filesystem,
    Token,
    Resources,
    Image,
    Command,
    PodSecurity,
    Results,
}

/// The text of a chapter beside the evidence of its files. The checks hold names in braces, which `runnable_checks` fills
/// in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChapterText {
    pub reason: &'static str,
    pub may_break: &'static str,
    /// The remedy where it breaks something.
    pub if_broken: &'static str,
    /// A command that shows the result of the change, and its output then.
    pub check_command: &'static str,
    pub expected_output: &'static str,
    /// Command and output for a Dockerfile that nothing here runs, where they differ.
    pub dockerfile_check: Option<(&'static str, &'static str)>,
    /// Command and output for an image that may have none of the tools, where they differ.
    pub check_from_beside: Option<(&'static str, &'static str)>,
    /// The state once nothing is left to do.
    pub when_met: &'static str,
}

impl Chapter {
    pub const ALL: [Self; 9] = [
        Self::User,
        Self::Host,
        Self::Filesystem,
        Self::Token,
        Self::Resources,
        Self::Image,
        Self::Command,
        Self::PodSecurity,
        Self::Results,
    ];

    /// Its place, from 1.
    #[must_use]
    pub const fn chapter_number(self) -> usize {
        self as usize + 1
    }

    #[must_use]
    pub fn title(self) -> &'static str {
        let first = self.page().lines().next().unwrap_or_default();
        first.trim_start_matches("# ")
    }

    /// One word, for the progress and for what is kept.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Host => "host",
            Self::Filesystem => "files",
            Self::Token => "token",
            Self::Resources => "limits",
            Self::Image => "image",
            Self::Command => "command",
            Self::PodSecurity => "beyond",
            Self::Results => "results",
        }
    }

    /// True for files it is about: the Dockerfile, the workload.
    pub(super) const fn covered_files(self) -> (bool, bool) {
        match self {
            Self::User | Self::Command => (true, false),
            Self::Image | Self::Results => (true, true),
            _ => (false, true),
        }
    }

    /// True where what is shown of the state after its change is read from the changed files: it holds also where only a
    /// part of the change can be made.
    #[must_use]
    pub const fn is_read_from_change(self) -> bool {
        matches!(self, Self::User | Self::Host | Self::Command | Self::PodSecurity)
    }

    /// True where the answer of its check is computed from the files, and not that of the chapter once it is met.
    pub(super) const fn is_told_by_files(self) -> bool {
        matches!(self, Self::User | Self::Host | Self::PodSecurity)
    }

    /// The rules whose findings it fixes.
    #[must_use]
    pub const fn rule_ids(self) -> &'static [&'static str] {
        match self {
            Self::User => {
                &[rule_ids::MISSING_USER, rule_ids::ROOT_USER, rule_ids::NAMED_USER, rule_ids::LOW_UID]
            }
            Self::Host => &[
                rule_ids::MAY_RUN_AS_ROOT,
                rule_ids::MISSING_RUN_AS_USER,
                rule_ids::MISSING_RUN_AS_GROUP,
                rule_ids::ROOT_USER,
                rule_ids::LOW_UID,
                rule_ids::UID_MISMATCH,
                rule_ids::UNSTARTABLE_NON_ROOT,
            ],
            Self::Filesystem => &[rule_ids::WRITABLE_ROOT_FILESYSTEM, rule_ids::UNMOUNTED_WRITABLE_PATH],
            Self::Token => &[rule_ids::SERVICE_ACCOUNT_TOKEN_MOUNTED],
            Self::Resources => &[
                rule_ids::MISSING_CPU_LIMIT,
                rule_ids::MISSING_MEMORY_LIMIT,
                rule_ids::MISSING_CPU_REQUEST,
                rule_ids::MISSING_MEMORY_REQUEST,
            ],
            Self::Image => &[
                rule_ids::LATEST_TAG,
                rule_ids::UNTAGGED_IMAGE,
                rule_ids::MOVING_TAG,
                rule_ids::UNPINNED_IMAGE,
            ],
            Self::Command => &[rule_ids::SHELL_FORM_COMMAND],
            Self::PodSecurity => &[
                rule_ids::PRIVILEGED_CONTAINER,
                rule_ids::PRIVILEGE_ESCALATION,
                rule_ids::CAPABILITIES_NOT_DROPPED,
                rule_ids::ADDED_CAPABILITIES,
                rule_ids::MISSING_SECCOMP,
                rule_ids::UNCONFINED_SECCOMP,
                rule_ids::UNCONFINED_APPARMOR,
                rule_ids::CUSTOM_SELINUX,
                rule_ids::UNMASKED_PROC,
                rule_ids::UNSAFE_SYSCTL,
                rule_ids::HOST_NETWORK,
                rule_ids::HOST_PID,
                rule_ids::HOST_IPC,
                rule_ids::HOST_PORT,
                rule_ids::HOST_PATH,
                rule_ids::UNSAFE_VOLUME_TYPE,
                rule_ids::CONTAINER_SOCKET_MOUNT,
                rule_ids::PROBE_HOST,
                rule_ids::WINDOWS_HOST_PROCESS,
            ],
            Self::Results => &[],
        }
    }

    /// Its words.
    #[must_use]
    pub fn text(self) -> ChapterText {
        let page = self.page();
        ChapterText {
            reason: section_of_page(page, "Why"),
            may_break: section_of_page(page, "May break"),
            if_broken: section_of_page(page, "If it does"),
            check_command: section_of_page(page, "Check"),
            expected_output: section_of_page(page, "Expect"),
            dockerfile_check: check_sections(page, "Check the build", "Expect of the build"),
            check_from_beside: check_sections(page, "Check from beside", "Expect from beside"),
            when_met: section_of_page(page, "Met"),
        }
    }

    /// The help for a value that a person may choose.
    #[must_use]
    pub fn help_for_value(kind: PlanValueKind) -> &'static str {
        let chapter = match kind {
            PlanValueKind::Uid | PlanValueKind::Gid => Self::User,
            PlanValueKind::Path | PlanValueKind::AddedPath => Self::Filesystem,
            PlanValueKind::Tag | PlanValueKind::Digest => Self::Image,
            _ => Self::Resources,
        };
        let lines = section_of_page(chapter.page(), "Values").lines();
        let mut of = lines.filter_map(|line| line.strip_prefix("- ")?.split_once(": "));
        of.find(|(name, _)| *name == kind.name()).map(|(_, words)| words).unwrap_or_default()
    }

    /// The text after its title, as Markdown.
    #[must_use]
    pub fn page_body(self) -> &'static str {
        self.page().split_once('\n').map(|(_, body)| body.trim()).unwrap_or_default()
    }

    /// Its words as Markdown.
    #[must_use]
    pub const fn page(self) -> &'static str {
        macro_rules! page {
            ($name:literal) => {
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/walk/", $name, ".md"))
            };
        }
        match self {
            Self::User => page!("user"),
            Self::Host => page!("host"),
            Self::Filesystem => page!("filesystem"),
            Self::Token => page!("token"),
            Self::Resources => page!("resources"),
            Self::Image => page!("image"),
            Self::Command => page!("command"),
            Self::PodSecurity => page!("beyond"),
            Self::Results => page!("results"),
        }
    }
}

/// A check and its output; none where the page has no such check.
fn check_sections(page: &'static str, check: &str, expect: &str) -> Option<(&'static str, &'static str)> {
    Some((section_of_page(page, check), section_of_page(page, expect))).filter(|(check, _)| !check.is_empty())
}

/// The text under a heading.
fn section_of_page(page: &'static str, heading: &str) -> &'static str {
    let parts = page.split("\n## ").find_map(|part| part.strip_prefix(heading)?.strip_prefix('\n'));
    parts.unwrap_or_default().trim()
}
