//! Writes the report as JSON: a contract, to which fields are added and in which none is changed.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};

use super::finding_pages::findings_at_a_time;
use super::json_list::JsonListWriter;
use super::{ReportCounts, json_list, link_json};
use crate::audit::{FileReport, ListedFinding, LoweredBar, PinCheck, WorkloadReport};
use crate::base::par_map_ordered;
use crate::builds::ImageClaim;
use crate::finding::{FindingPlacement, RiskAssessment, RiskEvidence, Safety, Subject};
use crate::fix::{FixOffer, FixOffers};
use crate::project::LinkAnswer;
use crate::repo::RelPath;
use crate::store::Store;
use crate::text::{SourceText, to_sentence};
use crate::unit::{FindingReach, Unit, UnitTable};

/// The version of the contract.
const JSON_SCHEMA_VERSION: u32 = 1;

/// A part of the report: that of some of the files, but for their findings.
pub struct JsonReport {
    files: Vec<String>,
    workloads: Vec<String>,
    links: Vec<String>,
    /// What stands open, before its fixes are known.
    pub counts: ReportCounts,
}

impl JsonReport {
    /// The part of the files that the store holds.
    #[must_use]
    pub fn from_store(store: &Store, units: &UnitTable) -> Self {
        Self {
            files: store.files().map(|report| list_item(&file_json(report))).collect(),
            workloads: store.workloads().map(|report| list_item(&workload_json(report, units))).collect(),
            links: store
                .workloads()
                .flat_map(|report| link_json::workload_links(report).collect::<Vec<_>>())
                .map(|link| list_item(&link))
                .collect(),
            counts: ReportCounts::from_store(store, &FixOffers::new()),
        }
    }

    /// The part that says what compose builds its services from.
    #[must_use]
    pub fn from_services(services: &[(&ImageClaim, LinkAnswer)]) -> Self {
        let links = services.iter().map(|(claim, answer)| list_item(&link_json::service_link(claim, answer)));
        Self {
            files: Vec::new(),
            workloads: Vec::new(),
            links: links.collect(),
            counts: ReportCounts::default(),
        }
    }

    /// Writes the whole report of its parts, pretty-printed, with a final newline; what the repository's own settings take
    /// off, unless they are ignored; pinned images where registries were queried about them. `write_findings` is given the
    /// list of findings, to write those of all parts. It is never in memory as a value: that would take many times its text.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn write_report(
        parts: &[Self],
        units: &UnitTable,
        (score, bar): (Option<u8>, Option<&LoweredBar>),
        images: Option<&[Value]>,
        write_findings: impl FnOnce(&mut JsonFindings<'_>) -> io::Result<()>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        write!(out, "{{\n  \"schema\": {JSON_SCHEMA_VERSION}")?;
        write_list("files", parts.iter().flat_map(|part| &part.files), out)?;
        let list = JsonListWriter::begin_list("findings", FIELD_INDENT, out)?;
        let mut findings = JsonFindings { list, units, out: &mut *out };
        write_findings(&mut findings)?;
        findings.list.end_list(out)?;
        let mended = units.mended_count();
        let units: Vec<String> =
            units.units().iter().enumerate().map(|(id, made)| list_item(&unit_json(id, made))).collect();
        write_list("units", units.iter(), out)?;
        write_list("workloads", parts.iter().flat_map(|part| &part.workloads), out)?;
        write_list("links", parts.iter().flat_map(|part| &part.links), out)?;
        write!(out, ",\n  \"score\": {}", json!(score))?;
        write!(out, ",\n  \"mended_in_every_overlay\": {mended}")?;
        let bar = list_item(&bar_json(bar));
        write!(out, ",\n  \"repository_settings\": {}", bar.trim_start())?;
        if let Some(images) = images {
            let images: Vec<String> = images.iter().map(list_item).collect();
            write_list("images", images.iter(), out)?;
        }
        out.write_all(b"\n}\n")
    }
}

/// The report's list of findings, which is written while it is made.
pub struct JsonFindings<'a> {
    list: JsonListWriter,
    units: &'a UnitTable,
    out: &'a mut dyn io::Write,
}

impl JsonFindings<'_> {
    /// Writes the findings of the files that the store holds, with their offers: `offers` returns those of some of a
    /// file's findings.
    ///
    /// # Errors
    /// When the report's output does not take it.
    pub fn push_findings(
        &mut self,
        store: &Store,
        offers: impl Fn(&RelPath, &[Arc<ListedFinding>]) -> FixOffers + Sync,
    ) -> io::Result<()> {
        let (units, empty) = (self.units, SourceText::new(""));
        let pages = store.files().flat_map(|file| {
            findings_at_a_time(file, store.findings_in(&file.path)).map(move |some| (file, some))
        });
        let made = |(file, some): (&FileReport, &[Arc<ListedFinding>])| -> Vec<String> {
            let (source, offers) = (file.source.as_ref().unwrap_or(&empty), offers(&file.path, some));
            some.iter().map(|listed| listed_item(listed, source, &offers, units)).collect()
        };
        par_map_ordered(pages.collect(), made, |items: Vec<String>| {
            items.iter().try_for_each(|item| self.list.push_item(item, self.out))
        })
    }
}

/// What the repository's own settings and baseline take off the bar; `ignored` where they are not read.
pub(super) fn bar_json(bar: Option<&LoweredBar>) -> Value {
    let (is_ignored, none) = (bar.is_none(), LoweredBar::default());
    let bar = bar.unwrap_or(&none);
    json!({
        "ignored": is_ignored,
        "rules_off": bar.rules_off,
        "rules_lowered": bar.rules_lowered,
        "fail_on": bar.fail_on,
        "excluded": bar.excluded,
        "exceptions": bar.exceptions,
        "baseline": bar.known_findings,
    })
}

/// The indentation of the report's fields.
const FIELD_INDENT: &str = "  ";

/// A field that is a list of items which are written already.
fn write_list<'a>(
    name: &str,
    items: impl Iterator<Item = &'a String>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut list = JsonListWriter::begin_list(name, FIELD_INDENT, out)?;
    for item in items {
        list.push_item(item, out)?;
    }
    list.end_list(out)
}

/// An item of one of the report's lists, as it stands there.
fn list_item(value: &Value) -> String {
    json_list::format_item(value, FIELD_INDENT)
}

fn file_json(file: &FileReport) -> Value {
    json!({
        "path": file.path.as_str(),
        "kind": file.role.name(),
        "status": file.status.name(),
        "reason": file.status.reason(),
        "documents": file.documents,
    })
}

fn listed_item(listed: &ListedFinding, source: &SourceText, offers: &FixOffers, units: &UnitTable) -> String {
    let key = &listed.key;
    let Subject { object, container } = &key.subject;
    let reaches = match &listed.finding.placements {
        Some(placements) => placements.iter().filter_map(|placed| reach_of(placed, units)).collect(),
        None => units.reaches_of(&key.path, object.as_ref(), container.as_ref()),
    };
    list_item(&finding_json(listed, source, offers.get(key), &reaches))
}

fn reach_of(placed: &FindingPlacement, units: &UnitTable) -> Option<FindingReach> {
    let unit = units.number_of(&placed.unit)?;
    Some(FindingReach { unit, object: placed.object.clone(), container: placed.container.clone() })
}

fn finding_json(
    listed: &ListedFinding,
    source: &SourceText,
    offer: Option<&FixOffer>,
    reaches: &[FindingReach],
) -> Value {
    let finding = &listed.finding;
    let (fix, withheld) = match offer {
        Some(FixOffer::Fix { title, safety, risk, resolves }) => {
            (fix_json(title, *safety, risk, resolves), Value::Null)
        }
        Some(FixOffer::Withheld(reason)) => (Value::Null, json!(reason)),
        Some(FixOffer::None) | None => (Value::Null, Value::Null),
    };
    json!({
        "rule": finding.rule,
        "severity": finding.severity.name(),
        "path": listed.key.path.as_str(),
        "start": position_json(source, finding.span.start),
        "end": position_json(source, finding.span.end),
        "object": finding.subject.object.as_deref(),
        "container": finding.subject.container.as_deref(),
        "message": finding.message,
        "fix": fix,
        "reaches": reaches.iter().map(reach_json).collect::<Vec<_>>(),
        "withheld": withheld,
        "suppressed": listed.suppression.as_ref().map(|s| json!({"by": s.source, "reason": s.reason})),
    })
}

/// Pinned images as the report has them. `source` gives the text of a file.
pub fn pinned_images_json<'s>(
    images: &[PinCheck],
    source: impl Fn(&RelPath) -> Option<&'s SourceText>,
) -> Vec<Value> {
    images.iter().map(|checked| image_json(source(&checked.pin.path), checked)).collect()
}

/// A pinned image: if its registry still has the digest, and if its tag still points to it. Unknown facts are null.
fn image_json(source: Option<&SourceText>, PinCheck { pin, status: standing }: &PinCheck) -> Value {
    let empty = SourceText::new("");
    let source = source.unwrap_or(&empty);
    let said = standing.as_ref().ok();
    let tag = pin.image.tag().zip(said).map(|(_, said)| match said {
        said if said.tag_gone => "gone",
        said if said.moved_to.is_some() => "moved",
        _ => "same",
    });
    json!({
        "path": pin.path.as_str(),
        "start": position_json(source, pin.span.start),
        "end": position_json(source, pin.span.end),
        "image": pin.image.text(),
        "exists": said.map(|said| said.exists),
        "tag": tag,
        "tag_digest": said.and_then(|said| said.moved_to.as_deref()),
        "error": standing.as_ref().err(),
    })
}

fn position_json(source: &SourceText, offset: usize) -> Value {
    let at = source.position_of(offset);
    json!({"line": at.line, "column": at.column, "offset": at.offset})
}

fn fix_json(title: &str, safety: Safety, assessed: &RiskAssessment, resolves: &[&str]) -> Value {
    json!({
        "title": title,
        "safety": safety.name(),
        "risk": assessed.risk.name(),
        "cautions": assessed.cautions.iter().map(|caution| to_sentence(&caution.text)).collect::<Vec<_>>(),
        "evidence": assessed.evidence.iter().map(evidence_json).collect::<Vec<_>>(),
        "resolves": resolves,
    })
}

fn evidence_json(evidence: &RiskEvidence) -> Value {
    json!({
        "text": to_sentence(&evidence.text),
        "path": evidence.path.as_str(),
        "line": evidence.line,
        "column": evidence.column,
    })
}

fn reach_json(reach: &FindingReach) -> Value {
    json!({
        "unit": reach.unit,
        "object": reach.object.as_deref(),
        "container": reach.container.as_deref(),
    })
}

fn unit_json(id: usize, unit: &Unit) -> Value {
    let mut own = json!({
        "id": id,
        "kind": unit.key.kind.name(),
        "path": unit.key.path.as_str(),
        "values": unit.key.values.iter().map(RelPath::as_str).collect::<Vec<_>>(),
        "status": unit.status.name(),
        "reason": unit.status.reason(),
    });
    if let Some(environment) = &unit.key.environment {
        own["environment"] = json!(environment);
    }
    own
}

fn workload_json(workload: &WorkloadReport, units: &UnitTable) -> Value {
    json!({
        "path": workload.path.as_str(),
        "object": &*workload.object,
        "pod_security": workload.pod_security.map(crate::audit::PodSecurity::name),
        "obstacles": workload.obstacles,
        "score": workload.score,
        "dockerfile": workload.dockerfile.as_ref().map(|(path, evidence)| json!({
            "path": path.as_str(),
            "evidence": evidence,
        })),
        "unit": units.reached_by(&workload.path).first(),
    })
}
