//! Gets the images of a pod ready: those that are here are taken, others are built from their Dockerfiles, and what was
//! built is removed again.

use std::time::Duration;

use super::build_log::BuildLog;
use super::container_engine::{ContainerEngine, StillAwaited};
use super::engine_process::run_client_into;
use super::local_image::LocalImage;
use super::trial_error::TrialError;
use super::trial_marks::{TrialOwner, label_option, unique_name};
use super::trial_target::{ImageRecipe, find_recipe};
use super::trial_things::remove_image;
use crate::audit::AuditEngine;
use crate::image::Reference;
use crate::rules::{ContainerView, PodView};
use crate::text::make_printable;

/// The longest that a build may take.
const BUILD_TIME: Duration = Duration::from_secs(30 * 60);
/// The name of the images that trials build; their tags are the owners'.
const BUILT_NAME: &str = "localhost/seaworthy-trial";

/// Where the image of a container comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageSource {
    /// It is here.
    Local(LocalImage),
    /// It is built by these words, without the engine's own name.
    Build { recipe: ImageRecipe, tag: String, words: Vec<String> },
}

/// The image of one container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedImage {
    /// The container's index in the pod.
    pub container: usize,
    /// As the manifest has it.
    pub reference: String,
    pub source: ImageSource,
}

/// Images that were built, which are removed when this goes out of sight, unless they are kept.
pub(super) struct BuiltImages<'a> {
    engine: &'a ContainerEngine,
    tags: Vec<String>,
    are_kept: bool,
    is_awaited: StillAwaited<'a>,
}

impl Drop for BuiltImages<'_> {
    fn drop(&mut self) {
        if !self.are_kept {
            self.tags.iter().for_each(|tag| remove_image(self.engine, tag, self.is_awaited));
        }
    }
}

/// Finds the image of each container of a pod.
///
/// # Errors
/// When one is neither here nor built here.
pub(super) fn plan_images(
    engine: &ContainerEngine,
    audit: &AuditEngine,
    view: PodView<'_>,
    has_network: bool,
    is_awaited: StillAwaited<'_>,
) -> Result<Vec<PlannedImage>, TrialError> {
    let mut planned: Vec<PlannedImage> = Vec::new();
    for container in view.containers().filter(|container| !container.is_ephemeral()) {
        let reference = container.image().unwrap_or_default().to_owned();
        let known = planned.iter().find(|other| other.reference == reference && !reference.is_empty());
        let source = match known {
            Some(known) => known.source.clone(),
            None => find_source(engine, audit, container, has_network, is_awaited)?,
        };
        planned.push(PlannedImage { container: container.index, reference, source });
    }
    Ok(planned)
}

fn find_source(
    engine: &ContainerEngine,
    audit: &AuditEngine,
    container: ContainerView<'_>,
    has_network: bool,
    is_awaited: StillAwaited<'_>,
) -> Result<ImageSource, TrialError> {
    let image = container.image().unwrap_or_default();
    let is_named = Reference::parse(image).is_ok() && !image.starts_with('-');
    if is_named && let Some(local) = LocalImage::find(engine, image, is_awaited)? {
        return Ok(ImageSource::Local(local));
    }
    let recipe = find_recipe(audit, container).map_err(|reason| TrialError::ImageAbsent {
        image: if image.is_empty() { format!("of `{}`", container.name()) } else { image.to_owned() },
        advice: match is_named || image.is_empty() {
            true => {
                format!("{reason}; `{} pull` fetches one from its registry, then try again", engine.program)
            }
            false => format!(
                "{reason}, and no image can have that name, in a cluster neither: {}",
                name_fault(image)
            ),
        },
    })?;
    let has_base =
        |base: &String| LocalImage::find(engine, base, is_awaited).is_ok_and(|found| found.is_some());
    if !has_network && let Some(base) = recipe.bases.iter().find(|base| !has_base(base)) {
        return Err(TrialError::ImageAbsent {
            image: base.clone(),
            advice: format!(
                "{} is built on it; `{} pull` fetches it, or give --network to build with the network",
                recipe.dockerfile, engine.program
            ),
        });
    }
    let tag = own_image_tag();
    let words = build_words(engine, &recipe, &tag, has_network);
    Ok(ImageSource::Build { recipe, tag, words })
}

/// What is wrong with a name that is no image's.
fn name_fault(image: &str) -> &'static str {
    if image.bytes().any(|byte| byte.is_ascii_uppercase()) {
        "its letters must be small ones"
    } else {
        "it is not of the form REGISTRY/NAME:TAG"
    }
}

/// A tag for an image that this process makes, which names it.
pub(super) fn own_image_tag() -> String {
    let number = unique_name("");
    format!("{BUILT_NAME}:{}-{}", TrialOwner::current().mark(), number.rsplit('-').next().unwrap_or("0"))
}

/// The words that build an image. Nothing is fetched and no network is there unless it was asked for.
fn build_words(engine: &ContainerEngine, recipe: &ImageRecipe, tag: &str, has_network: bool) -> Vec<String> {
    let mut words = vec!["build".to_owned(), format!("--tag={tag}"), label_option()];
    words.push(format!("--file={}", recipe.file.display()));
    words.extend(recipe.stage.iter().map(|stage| format!("--target={stage}")));
    let known = recipe.arguments.iter().filter_map(|own| Some((&own.name, own.value.as_ref()?)));
    words.extend(known.map(|(name, value)| format!("--build-arg={name}={value}")));
    if !has_network {
        words.push("--network=none".to_owned());
    }
    if engine.is_podman() {
        // Without layers of its own nothing is left of a build that is broken off.
        words.push("--layers=false".to_owned());
        if !has_network {
            words.push("--pull=never".to_owned());
        }
    }
    words.extend(["--".to_owned(), recipe.context.display().to_string()]);
    words
}

impl<'a> BuiltImages<'a> {
    pub(super) const fn new(
        engine: &'a ContainerEngine,
        are_kept: bool,
        is_awaited: StillAwaited<'a>,
    ) -> Self {
        Self { engine, tags: Vec::new(), are_kept, is_awaited }
    }

    /// The image of a source, built where it is not here.
    ///
    /// # Errors
    /// When its build fails.
    pub(super) fn get(
        &mut self,
        source: &ImageSource,
        is_awaited: StillAwaited<'_>,
    ) -> Result<LocalImage, TrialError> {
        let (recipe, tag, words) = match source {
            ImageSource::Local(local) => return Ok(local.clone()),
            ImageSource::Build { recipe, tag, words } => (recipe, tag, words),
        };
        let failed =
            |reason: String| TrialError::BuildFailed { dockerfile: recipe.dockerfile.to_string(), reason };
        if !self.tags.contains(tag) {
            self.tags.push(tag.clone());
            self.build(words, is_awaited).map_err(|error| match error {
                BuildEnd::Stopped => TrialError::Stopped,
                BuildEnd::Failed(reason) => failed(reason),
            })?;
        }
        LocalImage::find(self.engine, tag, is_awaited)?
            .ok_or_else(|| failed("the engine built nothing".to_owned()))
    }

    fn build(&self, words: &[String], is_awaited: StillAwaited<'_>) -> Result<(), BuildEnd> {
        let broken = |error: std::io::Error| BuildEnd::Failed(format!("it cannot be started: {error}"));
        let (log, file) = BuildLog::create().map_err(broken)?;
        let answer =
            run_client_into(&self.engine.command(words), file, BUILD_TIME, is_awaited).map_err(broken)?;
        if answer.was_ended {
            log.break_off(self.engine, is_awaited);
            return Err(if is_awaited() {
                BuildEnd::Failed(format!("it took longer than {} min", BUILD_TIME.as_secs() / 60))
            } else {
                BuildEnd::Stopped
            });
        }
        if answer.succeeded() { Ok(()) } else { Err(BuildEnd::Failed(last_reason(&log.read_end()))) }
    }

    /// The tags of those that are kept.
    pub(super) fn kept_tags(&self) -> Vec<String> {
        if self.are_kept { self.tags.clone() } else { Vec::new() }
    }
}

/// How a build ended that built nothing.
enum BuildEnd {
    Stopped,
    Failed(String),
}

/// The last words of a build that failed: what a RUN line printed, and what the engine made of it.
fn last_reason(log: &str) -> String {
    let lines: Vec<&str> = log.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(4)..];
    let reason = last.iter().map(|line| make_printable(line)).collect::<Vec<_>>().join(" | ");
    if reason.is_empty() { "it said nothing".to_owned() } else { reason.chars().take(600).collect() }
}
