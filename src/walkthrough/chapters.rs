//! Holds the chapters of the walkthrough, in the order of the article, and the words of each.

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

/// The text of a chapter beside the evidence of its files. `check_command` and `expected_output` hold names in braces,
/// which [`super::AppWalk`] fills in.
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

    /// The rules whose findings it fixes.
    #[must_use]
    pub const fn rule_ids(self) -> &'static [&'static str] {
        match self {
            Self::User => &["missing-user", "root-user", "named-user", "low-uid"],
            Self::Host => &[
                "may-run-as-root",
                "missing-run-as-user",
                "missing-run-as-group",
                "root-user",
                "low-uid",
                "uid-mismatch",
                "unstartable-non-root",
            ],
            Self::Filesystem => &["writable-root-filesystem", "unmounted-writable-path"],
            Self::Token => &["service-account-token-mounted"],
            Self::Resources => &[
                "missing-cpu-limit",
                "missing-memory-limit",
                "missing-cpu-request",
                "missing-memory-request",
            ],
            Self::Image => &["latest-tag", "untagged-image", "moving-tag", "unpinned-image"],
            Self::Command => &["shell-form-command"],
            Self::PodSecurity => &[
                "privileged-container",
                "privilege-escalation",
                "capabilities-not-dropped",
                "added-capabilities",
                "missing-seccomp",
                "unconfined-seccomp",
                "unconfined-apparmor",
                "custom-selinux",
                "unmasked-proc",
                "unsafe-sysctl",
                "host-network",
                "host-pid",
                "host-ipc",
                "host-port",
                "host-path",
                "unsafe-volume-type",
                "container-socket-mount",
                "probe-host",
                "windows-host-process",
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
            dockerfile_check: Some((
                section_of_page(page, "Check the build"),
                section_of_page(page, "Expect of the build"),
            ))
            .filter(|(check, _)| !check.is_empty()),
            when_met: section_of_page(page, "Met"),
        }
    }

    /// The help for a value that a person may choose in it.
    #[must_use]
    pub fn value_help(self, value: &str) -> &'static str {
        let lines = section_of_page(self.page(), "Values").lines();
        let mut of = lines.filter_map(|line| line.strip_prefix("- ")?.split_once(": "));
        of.find(|(name, _)| *name == value).map(|(_, words)| words).unwrap_or_default()
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

/// The text under a heading.
fn section_of_page(page: &'static str, heading: &str) -> &'static str {
    let parts = page.split("\n## ").find_map(|part| part.strip_prefix(heading)?.strip_prefix('\n'));
    parts.unwrap_or_default().trim()
}
