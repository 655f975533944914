//! Writes the report as JSON: a contract, to which fields are added and in which none is changed.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};

use super::finding_pages::findings_at_a_time;
use super::json_list::JsonListWriter;
use super::{VisitStores, json_list, link_json};
use crate::audit::pod_security::obstacles_among;
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

/// What a report as JSON says besides what is in the files.
#[derive(Clone, Copy)]
pub struct JsonReport<'a> {
    pub units: &'a UnitTable,
    /// What compose builds its services from.
    pub services: &'a [(&'a ImageClaim, LinkAnswer)],
    pub score: Option<u8>,
    /// What the repository's own settings take off; none where they are ignored.
    pub bar: Option<&'a LoweredBar>,
    /// The candidates that ignore files hide.
    pub ignored_count: usize,
    /// Pinned images, where registries were queried about them.
    pub images: Option<&'a [Value]>,
}

/// The files of a report, in parts: with their findings and, for what is said of the files themselves, without.
pub struct ReportedFiles<'a> {
    pub with_findings: &'a VisitStores<'a>,
    pub without_findings: &'a VisitStores<'a>,
}

impl JsonReport<'_> {
    /// Writes the whole report, pretty-printed, with a final newline. `offers` returns those of some of a file's findings.
    /// Neither a value nor a text of it is ever in memory whole: that would take many times what is found.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn write_report(
        &self,
        files: &ReportedFiles<'_>,
        offers: impl Fn(&RelPath, &[Arc<ListedFinding>]) -> FixOffers + Sync,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        write!(out, "{{\n  \"schema\": {JSON_SCHEMA_VERSION}")?;
        write_list("files", out, |list| {
            (files.without_findings)(&mut |store| {
                store.files().try_for_each(|file| list.push(&file_json(file)))
            })
        })?;
        write_list("findings", out, |list| {
            (files.with_findings)(&mut |store| self.push_findings(store, &offers, list))
        })?;
        write_list("units", out, |list| {
            let mut units = self.units.units().iter().enumerate();
            units.try_for_each(|(id, unit)| list.push(&unit_json(id, unit)))
        })?;
        write_list("workloads", out, |list| {
            (files.without_findings)(&mut |store| {
                store.workloads().try_for_each(|workload| list.push(&workload_json(workload, self.units)))
            })
        })?;
        write_list("links", out, |list| {
            (files.without_findings)(&mut |store| {
                let mut links = store.workloads().flat_map(link_json::workload_links);
                links.try_for_each(|link| list.push(&link))
            })?;
            let mut services = self.services.iter();
            services.try_for_each(|(claim, answer)| list.push(&link_json::service_link(claim, answer)))
        })?;
        write!(out, ",\n  \"score\": {}", json!(self.score))?;
        write!(out, ",\n  \"mended_in_every_overlay\": {}", self.units.mended_count())?;
        write!(out, ",\n  \"hidden_by_ignore_files\": {}", self.ignored_count)?;
        let bar = list_item(&bar_json(self.bar));
        write!(out, ",\n  \"repository_settings\": {}", bar.trim_start())?;
        if let Some(images) = self.images {
            write_list("images", out, |list| images.iter().try_for_each(|image| list.push(image)))?;
        }
        out.write_all(b"\n}\n")
    }

    fn push_findings(
        &self,
        store: &Store,
        offers: &(impl Fn(&RelPath, &[Arc<ListedFinding>]) -> FixOffers + Sync),
        list: &mut ReportList<'_>,
    ) -> io::Result<()> {
        let empty = SourceText::new("");
        let pages = store.files().flat_map(|file| {
            findings_at_a_time(file, store.findings_in(&file.path)).map(move |some| (file, some))
        });
        let made = |(file, some): (&FileReport, &[Arc<ListedFinding>])| -> Vec<String> {
            let (source, offers) = (file.source.as_ref().unwrap_or(&empty), offers(&file.path, some));
            some.iter().map(|listed| listed_item(listed, source, &offers, self.units)).collect()
        };
        par_map_ordered(pages.collect(), made, |items: Vec<String>| {
            items.iter().try_for_each(|item| list.push_text(item))
        })
    }
}

/// One of the report's lists, which is written while it is made.
struct ReportList<'a> {
    writer: JsonListWriter,
    out: &'a mut dyn io::Write,
}

impl ReportList<'_> {
    fn push(&mut self, item: &Value) -> io::Result<()> {
        self.push_text(&list_item(item))
    }

    fn push_text(&mut self, item: &str) -> io::Result<()> {
        self.writer.push_item(item, self.out)
    }
}

/// A field that is a list, of which `push_items` writes the items.
fn write_list(
    name: &str,
    out: &mut dyn io::Write,
    push_items: impl FnOnce(&mut ReportList<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let writer = JsonListWriter::begin_list(name, FIELD_INDENT, out)?;
    let mut list = ReportList { writer, out: &mut *out };
    push_items(&mut list)?;
    list.writer.end_list(out)
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
        "links": bar.links,
        "needs": bar.needs,
        "writes": bar.writes,
    })
}

/// The indentation of the report's fields.
const FIELD_INDENT: &str = "  ";

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
    let obstacles = obstacles_among(&workload.failed_controls).into_iter().map(|control| control.name);
    let obstacles: Vec<&str> = obstacles.collect();
    json!({
        "path": workload.path.as_str(),
        "object": &*workload.object,
        "pod_security": workload.pod_security.map(crate::audit::PodSecurity::name),
        "obstacles": obstacles,
        "score": workload.score,
        "dockerfile": workload.dockerfile.as_ref().map(|(path, evidence)| json!({
            "path": path.as_str(),
            "evidence": evidence,
        })),
        "unit": units.reached_by(&workload.path).first(),
    })
}
