//! Finds images that are pinned already, for the app and `check`.

use super::{AuditEngine, FileContent};
use crate::dockerfile::shell::ScriptCache;
use crate::finding::ImageEditPlace;
use crate::image::Reference;
use crate::image::registry::DigestStatus;
use crate::project::ImageDeployment;
use crate::repo::{BuildContext, FileKind, RelPath};
use crate::rules::{DockerfileView, PodView, container_image_site, dockerfile_image_sites};
use crate::text::Span;

/// A reference with a digest, in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinnedImage {
    pub path: RelPath,
    pub span: Span,
    /// From 1.
    pub line: usize,
    pub image: Reference,
    /// Where another digest would be written; none where it could not be.
    pub(crate) edit_place: Option<ImageEditPlace>,
}

/// The state of a pinned image, or the reason why it is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinCheck {
    pub pin: PinnedImage,
    pub status: Result<DigestStatus, String>,
}

impl AuditEngine {
    /// Every pinned image, in the order of the files.
    #[must_use]
    pub fn pinned_images(&self) -> Vec<PinnedImage> {
        let mut paths: Vec<&RelPath> = self
            .audited_paths_of_kind(FileKind::Dockerfile)
            .chain(self.audited_paths_of_kind(FileKind::Manifest))
            .collect();
        paths.sort_unstable();
        paths.into_iter().flat_map(|path| find_pinned_in(self, path)).collect()
    }
}

fn find_pinned_in(engine: &AuditEngine, path: &RelPath) -> Vec<PinnedImage> {
    let Some((source, meaning)) = engine.file(path) else { return Vec::new() };
    let (text, settings) = (source.text(), engine.settings());
    let sites = match meaning {
        FileContent::Dockerfile(file) => {
            let scripts = &ScriptCache::new(text, file);
            dockerfile_image_sites(DockerfileView {
                path,
                text,
                file,
                scripts,
                settings,
                needs: &[],
                suppressions: &[],
                context: &BuildContext::default(),
                deployment: ImageDeployment::default(),
            })
        }
        FileContent::Manifest(_) => {
            engine.pod_views(path).flat_map(PodView::containers).filter_map(container_image_site).collect()
        }
    };
    let pinned = sites.into_iter().filter(|site| site.image.is_pinned());
    let pin = |site: crate::rules::ImageSite| PinnedImage {
        path: path.clone(),
        span: site.span,
        line: source.line_number_at(site.span.start),
        image: site.image,
        edit_place: site.edit_place,
    };
    pinned.map(pin).collect()
}
