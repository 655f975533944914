//! A small world to draw, with an audit that looks for words.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use seaworthy::app::FixRiskClass;
use seaworthy::audit::{
    AuditUpdate, FileReport, FileStatus, FindingList, ListedFinding, PodSecurity, WorkloadReport,
};
use seaworthy::finding::{
    AssessedFix, Finding, FindingKey, Fix, FixRisk, RiskAssessment, RiskEvidence, Safety, Severity, Subject,
};
use seaworthy::fix::{
    FixPlan, PlanValue, PlanValueKind, StagedBlock, StagedFix, StagedGroup, StagedPatch, ValueOwner,
    ValuePlace, ValueSheet, ValueSuggestion,
};
use seaworthy::repo::{FileKind, FilePatch, RelPath};
use seaworthy::rules::{Rule, RuleDecision, RuleKinds, RuleTheme};
use seaworthy::text::diff::{ChangedBlock, changed_blocks};
use seaworthy::text::{SourceText, Span};

pub(crate) const DOCKERFILE: &str = include_str!("world/Dockerfile");
pub(crate) const DEPLOYMENT: &str = include_str!("world/deploy.yaml");
pub(crate) const CRONJOB: &str = include_str!("world/cronjob.yaml");

/// What the little audit looks for, and what it would write.
struct Toy {
    rule: Rule,
    /// Which files: those of this kind.
    kind: FileKind,
    /// Where the finding stands.
    at: &'static str,
    /// The word that makes the file good.
    wants: &'static str,
    message: &'static str,
    safety: Safety,
    /// The line after which this goes, the line that opens the block it belongs to, and the line itself.
    fix: Option<(&'static str, Option<&'static str>, &'static str)>,
}

const PAGE: &str = include_str!("world/page.md");

const fn rule(id: &'static str, severity: Severity, theme: RuleTheme) -> Rule {
    let decision = RuleDecision::Confinement;
    Rule {
        id,
        severity,
        theme,
        decision,
        article: true,
        kinds: RuleKinds::NoObjects,
        text: PAGE,
        checks: &[],
    }
}

const POD: &str = "    spec:";
const POD_BLOCK: Option<&str> = Some("      securityContext:");
const CONTAINER: &str = "          image:";
const CONTAINER_BLOCK: Option<&str> = Some("          securityContext:");
const RESOURCES: Option<&str> = Some("          resources:\n            limits:");

macro_rules! toy {
    ($id:literal, $severity:ident, $theme:ident, $kind:ident, $at:expr, $wants:literal, $safety:ident, $message:literal, $fix:expr) => {
        Toy {
            rule: rule($id, Severity::$severity, RuleTheme::$theme),
            kind: FileKind::$kind,
            at: $at,
            wants: $wants,
            message: $message,
            safety: Safety::$safety,
            fix: $fix,
        }
    };
}

#[rustfmt::skip]
static TOYS: &[Toy] = &[
    toy!("missing-user", High, Identity, Dockerfile, "FROM", "\nUSER ", Review, "No USER: the container runs as root", Some(("COPY", None, "USER 43122:43122"))),
    toy!("shell-form-command", Low, Build, Dockerfile, "CMD", "CMD [", Safe, "CMD is in shell form: signals go to a shell", None),
    toy!("unpinned-image", Medium, Image, Dockerfile, "FROM", "@sha256:", Value, "The image is not pinned to a digest", None),
    toy!("may-run-as-root", High, Identity, Manifest, "name: api", "runAsNonRoot: true", Review, "Nothing stops this container from running as root", Some((POD, POD_BLOCK, "        runAsNonRoot: true"))),
    toy!("missing-run-as-user", Medium, Identity, Manifest, "name: api", "runAsUser:", Review, "No runAsUser: the image decides which account this is", Some((POD, POD_BLOCK, "        runAsUser: 43122"))),
    toy!("missing-run-as-group", Medium, Identity, Manifest, "name: api", "runAsGroup:", Review, "No runAsGroup: the process is in the group root", Some((POD, POD_BLOCK, "        runAsGroup: 43122"))),
    toy!("writable-root-filesystem", Medium, Filesystem, Manifest, "name: api", "readOnlyRootFilesystem: true", Review, "The container can write to its root filesystem", Some((CONTAINER, CONTAINER_BLOCK, "            readOnlyRootFilesystem: true"))),
    toy!("service-account-token-mounted", Medium, Token, Manifest, "spec:\n      containers", "automountServiceAccountToken: false", Review, "A service account's token is mounted", Some((POD, None, "      automountServiceAccountToken: false"))),
    toy!("missing-memory-limit", Medium, Resources, Manifest, "name: api", "memory: 128Mi", Review, "No memory limit: one leak takes the node", Some((CONTAINER, RESOURCES, "              memory: 128Mi"))),
    toy!("missing-cpu-limit", Low, Resources, Manifest, "name: api", "cpu: 500m", Review, "No cpu limit", Some((CONTAINER, RESOURCES, "              cpu: 500m"))),
    toy!("privilege-escalation", High, Privileges, Manifest, "name: api", "allowPrivilegeEscalation: false", Review, "A process may gain more privileges than its parent", Some((CONTAINER, CONTAINER_BLOCK, "            allowPrivilegeEscalation: false"))),
    toy!("missing-seccomp", Medium, Privileges, Manifest, "name: api", "seccompProfile:", Safe, "No seccomp profile", Some((POD, POD_BLOCK, "        seccompProfile: {type: RuntimeDefault}"))),
];

/// The rules of this world.
pub(crate) fn rules(id: &str) -> Option<&'static Rule> {
    TOYS.iter().map(|toy| &toy.rule).find(|rule| rule.id == id)
}

/// The files of the world as they are at first.
pub(crate) fn files() -> BTreeMap<RelPath, String> {
    let files = [
        ("api/Dockerfile", DOCKERFILE),
        ("api/deploy.yaml", DEPLOYMENT),
        ("jobs/nightly/cronjob.yaml", CRONJOB),
    ];
    files.into_iter().map(|(path, text)| (path.into(), text.to_owned())).collect()
}

fn kind_of(path: &RelPath) -> FileKind {
    FileKind::of_name(path.file_name()).unwrap_or(FileKind::Template)
}

/// All that this world's audit has to say.
pub(crate) fn audit(files: &BTreeMap<RelPath, String>) -> AuditUpdate {
    let reports: Vec<FileReport> = files.iter().map(|(path, text)| report(path, text)).collect();
    let findings: BTreeMap<RelPath, FindingList> =
        reports.iter().map(|file| (file.path.clone(), list(file, &files[&file.path]))).collect();
    let open: usize = findings.values().map(|list| list.len()).sum();
    let workloads =
        files.keys().filter(|path| kind_of(path) == FileKind::Manifest).map(|path| WorkloadReport {
            path: path.clone(),
            object: object_of(path),
            namespace: None,
            pod_security: Some(if open == 0 { PodSecurity::Restricted } else { PodSecurity::Baseline }),
            failed_controls: Vec::new(),
            score: Some(41),
            dockerfile: (path.folder() == "api").then(|| ("api/Dockerfile".into(), "same folder".to_owned())),
            links: Vec::new(),
        });
    AuditUpdate {
        workloads: workloads.map(|workload| (workload.path.clone(), vec![workload])).collect(),
        score: u8::try_from(100usize.saturating_sub(open * 4)).ok(),
        files: reports,
        findings,
        ..AuditUpdate::default()
    }
}

fn object_of(path: &RelPath) -> Arc<str> {
    if path.file_name() == "cronjob.yaml" { "CronJob/nightly".into() } else { "Deployment/api".into() }
}

fn report(path: &RelPath, text: &str) -> FileReport {
    let kind = kind_of(path);
    let status = match kind {
        FileKind::Template => FileStatus::Skipped("template: render it first".to_owned()),
        _ if text.contains("{{") => FileStatus::Partial("line 3: this is no YAML".to_owned()),
        _ => FileStatus::Audited,
    };
    FileReport {
        is_stale: matches!(status, FileStatus::Partial(_)),
        path: path.clone(),
        kind,
        role: kind.into(),
        status,
        documents: (kind == FileKind::Manifest).then_some(1),
        source: Some(SourceText::new(text)),
        renders: Vec::new(),
    }
}

/// What the little audit finds in a file, in its order.
fn list(file: &FileReport, text: &str) -> FindingList {
    let toys = TOYS.iter().filter(|toy| toy.kind == file.kind && !text.contains(toy.wants));
    let mut found: Vec<(Finding, RuleTheme)> =
        toys.filter_map(|toy| Some((finding(toy, &file.path, text)?, toy.rule.theme))).collect();
    found.sort_by_key(|(finding, _)| (finding.span, Reverse(finding.severity), finding.rule));
    let source = SourceText::new(text);
    let listed = found.into_iter().map(|(finding, theme)| {
        let (rule, subject) = (finding.rule, finding.subject.clone());
        Arc::new(ListedFinding {
            key: FindingKey { path: file.path.clone(), rule, subject, keys: None, ordinal: 0 },
            suppression: None,
            line: source.line_number_at(finding.span.start),
            theme: Some(theme),
            severity: finding.severity,
            finding: finding.into(),
        })
    });
    listed.collect()
}

fn finding(toy: &Toy, path: &RelPath, text: &str) -> Option<Finding> {
    let start = text.find(toy.at)?;
    let start = start + toy.at.find(": ").map_or(0, |at| at + 2);
    let manifest = toy.kind == FileKind::Manifest;
    Some(Finding {
        rule: toy.rule.id,
        severity: toy.rule.severity,
        span: Span::new(start, start + toy.at.len() - toy.at.find(": ").map_or(0, |at| at + 2)),
        subject: Subject {
            object: manifest.then(|| object_of(path)),
            container: manifest.then(|| "api".into()),
        },
        keys: None,
        placements: None,
        message: toy.message.to_owned().into(),
        fix: if toy.fix.is_some() {
            Ok(Some(Fix::new("fix", toy.safety, Vec::new()).into()))
        } else {
            Err("a registry must be asked for the digest".to_owned())
        },
    })
}

/// The fix of these findings.
pub(crate) fn plan(files: &BTreeMap<RelPath, String>, keys: &[FindingKey]) -> FixPlan {
    let mut after: BTreeMap<&RelPath, String> = BTreeMap::new();
    let mut plan = FixPlan::default();
    for key in keys {
        let toy = TOYS.iter().find(|toy| toy.rule.id == key.rule);
        let fixed = toy.and_then(|toy| Some((toy, toy.fix?))).zip(files.get_key_value(&key.path));
        let Some(((toy, fix), (path, text))) = fixed else {
            plan.withheld.push((key.clone(), "a registry must be asked for the digest".to_owned()));
            continue;
        };
        let text = after.entry(path).or_insert_with(|| text.clone());
        *text = insert(text, fix);
        plan.resolves.push(key.clone());
        plan.safety = plan.safety.max(toy.safety);
    }
    plan.title = match plan.resolves.as_slice() {
        [one] => format!("Fix {}", one.rule),
        several => format!("Fix {} findings", several.len()),
    };
    if plan.safety == Safety::Review {
        plan.cautions.push("A program that relies on being root stops working".to_owned());
    }
    plan.patches = after
        .into_iter()
        .map(|(path, text)| FilePatch {
            path: path.clone(),
            before: SourceText::new(files[path].as_str()),
            after: SourceText::new(text),
        })
        .collect();
    plan
}

/// A fix that writes lines into the manifest's pod, each with a value of a kind at its end.
pub(crate) fn plan_with_values(
    files: &BTreeMap<RelPath, String>,
    lines: &str,
    kinds: &[PlanValueKind],
) -> FixPlan {
    let path: RelPath = "api/deploy.yaml".into();
    let before = SourceText::new(files[&path].as_str());
    let at = before.text().find("      containers:").unwrap();
    let block = format!("      securityContext:\n{lines}\n");
    let after = SourceText::new(format!("{}{block}{}", &before.text()[..at], &before.text()[at..]));
    let file = FilePatch { path: path.clone(), before, after };
    let values = lines.lines().zip(kinds).map(|(line, kind)| {
        let text = line.split(": ").last().unwrap().to_owned();
        let start = file.after.text().find(line).unwrap() + line.len() - text.len();
        let suggest = |text: &str, origin: &str| ValueSuggestion {
            text: text.to_owned(),
            companion: Some(text.to_owned()),
            origin: origin.to_owned(),
        };
        PlanValue {
            kind: *kind,
            owners: vec![ValueOwner::User { key: "docker.io/library/shop".to_owned(), ids: (43122, 43122) }],
            suggestions: vec![suggest(&text, "free in this repository"), suggest("65532", "the image's own")],
            places: vec![ValuePlace {
                path: path.clone(),
                span: Span::new(start, start + text.len()),
                lead: String::new(),
            }],
            text,
            is_chosen: false,
            decided_at: None,
            used: vec![("50001".to_owned(), "another app here".to_owned())],
        }
    });
    let values = values.collect();
    let mut plan = plan(files, &[]);
    plan.title = "Set the user".to_owned();
    plan.patches = vec![file.clone()];
    plan.safety = Safety::Review;
    plan.values = Box::new(ValueSheet { files: vec![file], values });
    plan
}

/// The change of the settings that keeps a user.
pub(crate) fn settings_plan() -> FixPlan {
    let mut plan = FixPlan::default();
    plan.title = "Keep values".to_owned();
    plan.patches = vec![FilePatch {
        path: "seaworthy.toml".into(),
        before: SourceText::new("fail-on = \"high\"\n"),
        after: SourceText::new(
            "fail-on = \"high\"\n\n[users]\n\"docker.io/library/shop\" = [65532, 65532]\n",
        ),
    }];
    plan
}

/// The same where the fix of one rule would break the program: it is made alone, and left out of every block.
pub(crate) fn plan_with_risk(
    files: &BTreeMap<RelPath, String>,
    keys: &[FindingKey],
    breaking: Option<&str>,
) -> FixPlan {
    let text = "the program writes `/data`".into();
    let evidence = vec![RiskEvidence { text, path: "api/app.py".into(), line: 7, column: 5 }];
    let (out, kept): (Vec<FindingKey>, Vec<FindingKey>) =
        keys.iter().cloned().partition(|key| Some(key.rule) == breaking);
    if out.is_empty() || keys.len() == 1 {
        let mut plan = plan(files, keys);
        if !out.is_empty() {
            (plan.risk, plan.evidence) = (FixRisk::WillBreak, evidence);
        }
        return plan;
    }
    let mut plan = plan(files, &kept);
    let assessment = RiskAssessment { risk: FixRisk::WillBreak, cautions: Vec::new(), evidence };
    plan.breaking_fixes =
        out.into_iter().map(|key| AssessedFix { key, assessment: assessment.clone() }).collect();
    plan
}

/// The same of a stage: each file is a group of its own.
pub(crate) fn staged_groups(
    files: &BTreeMap<RelPath, String>,
    keys: &[FindingKey],
    breaking: Option<&str>,
) -> Vec<StagedGroup> {
    let mut by_file: BTreeMap<&RelPath, Vec<FindingKey>> = BTreeMap::new();
    for key in keys {
        by_file.entry(&key.path).or_default().push(key.clone());
    }
    let groups = by_file.into_iter().map(|(path, keys)| {
        let (out, kept): (Vec<FindingKey>, Vec<FindingKey>) =
            keys.iter().cloned().partition(|key| Some(key.rule) == breaking);
        let plan = plan(files, &kept);
        let fixes: Vec<StagedFix> = plan.resolves.iter().map(staged_fix).collect();
        let patches = plan.patches.iter().map(|patch| {
            let blocks = changed_blocks(patch.before.text(), patch.after.text()).into_iter();
            let lines: Vec<&str> = patch.after.text().lines().collect();
            let makes = |fix: &StagedFix, block: &ChangedBlock| {
                let toy = TOYS.iter().find(|toy| toy.rule.id == fix.key.rule);
                let line = toy.and_then(|toy| Some(toy.fix?.2)).unwrap();
                lines[block.after.clone()].contains(&line)
            };
            let own =
                |block: &ChangedBlock| (0..fixes.len()).filter(|at| makes(&fixes[*at], block)).collect();
            let blocks =
                blocks.map(|block| StagedBlock { fixes: own(&block), block, has_value: true }).collect();
            StagedPatch { patch: patch.clone(), blocks }
        });
        let patches = patches.collect();
        let text = "the program writes `/data`".into();
        let evidence = vec![RiskEvidence { text, path: "api/app.py".into(), line: 7, column: 5 }];
        let assessment = RiskAssessment { risk: FixRisk::WillBreak, cautions: Vec::new(), evidence };
        let breaking = |key| AssessedFix { key, assessment: assessment.clone() };
        StagedGroup {
            id: path.clone(),
            keys,
            patches,
            fixes,
            withheld: plan.withheld,
            breaking_fixes: out.into_iter().map(breaking).collect(),
            resolves: plan.resolves,
        }
    });
    groups.collect()
}

fn staged_fix(key: &FindingKey) -> StagedFix {
    let is_safe = TOYS.iter().any(|toy| toy.rule.id == key.rule && toy.safety == Safety::Safe);
    let caution = "A program that relies on being root stops working".to_owned();
    StagedFix {
        key: key.clone(),
        title: format!("Fix {}", key.rule),
        is_safe,
        risk: FixRisk::None,
        cautions: if is_safe { Vec::new() } else { vec![caution] },
        evidence: Vec::new(),
    }
}

/// What the fixes of these files' findings may do.
pub(crate) fn risk_classes(
    files: &BTreeMap<RelPath, String>,
    paths: &[RelPath],
    breaking: Option<&str>,
) -> Vec<(FindingKey, FixRiskClass)> {
    let lists = paths.iter().flat_map(|path| list(&report(path, &files[path]), &files[path]).to_vec());
    let class = |entry: &ListedFinding| match entry.safety() {
        _ if Some(entry.key.rule) == breaking => FixRiskClass::WillBreak,
        None => FixRiskClass::ByHand,
        Some(Safety::Safe) => FixRiskClass::None,
        Some(Safety::Review) => FixRiskClass::MayBreak,
        Some(Safety::Value) => FixRiskClass::Value,
    };
    lists.map(|entry| (entry.key.clone(), class(&entry))).collect()
}

fn insert(text: &str, (anchor, block, line): (&str, Option<&str>, &str)) -> String {
    let mut out = String::new();
    let has_block = block.filter(|block| text.contains(block));
    let below = has_block.map_or(anchor, |block| block.lines().last().unwrap());
    let mut done = false;
    for row in text.lines() {
        out.push_str(row);
        out.push('\n');
        if !done && row.starts_with(below) {
            done = true;
            if let (Some(block), None) = (block, has_block) {
                out.push_str(block);
                out.push('\n');
            }
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
