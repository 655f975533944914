//! Holds the pairs of one container and its Dockerfile, and finds them in an audited repository.

use std::sync::Arc;

use super::pair_sides::{ImageHalf, PairVerdict, PodHalf, SidePair};
use super::{command_pairs, file_pairs, user_pairs};
use crate::audit::{AuditEngine, FileContent};
use crate::project::{DockerfileFacts, LinkAnswer};
use crate::repo::RelPath;
use crate::rules::ContainerView;

/// What must agree between a container and the Dockerfile of its image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairSheet {
    pub manifest: RelPath,
    /// `Kind/name`.
    pub object: Arc<str>,
    pub container: String,
    /// The container's image, as it is written.
    pub image: Option<String>,
    /// The Dockerfile; else why there is none.
    pub dockerfile: Result<RelPath, String>,
    /// Why they belong together.
    pub evidence: String,
    pub pairs: Vec<SidePair>,
}

impl PairSheet {
    /// The number of pairs with that verdict.
    #[must_use]
    pub fn count(&self, verdict: PairVerdict) -> usize {
        self.pairs.iter().filter(|pair| pair.verdict == verdict).count()
    }
}

/// The pairs of an object's containers with the Dockerfiles of their images: first those of the container that is named.
#[must_use]
pub fn find_pairs(
    engine: &AuditEngine,
    path: &RelPath,
    object: &str,
    container: Option<&str>,
) -> Option<PairSheet> {
    let view = engine.deployed_pods(path).find(|view| view.object.label() == object)?;
    let is_named = |own: &ContainerView<'_>| container.is_some_and(|name| own.name() == name);
    let is_linked = |own: &ContainerView<'_>| engine.repository().link_of_key(&own.key()).is_some();
    let named = view.containers().find(is_named);
    let main = named.or_else(|| view.containers().find(is_linked)).or_else(|| view.containers().next())?;
    let mut sheet = PairSheet {
        manifest: engine.record_path(view.path),
        object: object.into(),
        container: main.name().to_owned(),
        image: main.image().map(str::to_owned),
        dockerfile: Err(why_unlinked(engine, main)),
        evidence: String::new(),
        pairs: Vec::new(),
    };
    let Some(link) = engine.repository().link_of_key(&main.key()) else { return Some(sheet) };
    let Some((source, FileContent::Dockerfile(file))) = engine.file(&link.dockerfile) else {
        sheet.dockerfile = Err(format!("{} cannot be read", link.dockerfile));
        return Some(sheet);
    };
    let Some(stage) = file.final_stage() else { return Some(sheet) };
    sheet.evidence = link.evidence.first().map(ToString::to_string).unwrap_or_default();
    sheet.dockerfile = Ok(link.dockerfile.clone());
    let facts = DockerfileFacts::from_dockerfile(source.text(), file);
    let image = ImageHalf { source, file, stage, facts };
    let manifest = sheet.manifest.clone();
    let pod = PodHalf { view: main, engine, manifest: &manifest };
    sheet.pairs.push(user_pairs::pair_users(&image, &pod));
    sheet.pairs.extend(command_pairs::pair_ports(&image, &pod));
    sheet.pairs.push(command_pairs::pair_commands(&image, &pod));
    sheet.pairs.extend(file_pairs::pair_files(&image, &pod));
    Some(sheet)
}

/// Why a container belongs to no Dockerfile.
fn why_unlinked(engine: &AuditEngine, container: ContainerView<'_>) -> String {
    let image = container.image().unwrap_or("no image");
    let reason = engine.repository().link_answer(&container.key()).and_then(LinkAnswer::reason);
    format!("{image}: {}", reason.as_deref().unwrap_or("nothing here says what builds it"))
}
