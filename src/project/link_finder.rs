//! Decides which Dockerfile builds the image of a container, by what build files claim, and where none names the image by
//! names of files and folders.

use std::collections::BTreeMap;

use super::claim_index::{
    ClaimIndex, ScopedClaim, claims_by_tag, has_whole_name, is_variant_of, last_part, nearest_claims,
    weightiest_claims,
};
use super::dockerfile_index::DockerfileIndex;
use super::facts_delta::{FactsByFile, is_below};
use super::image_name::ImageName;
use super::kustomization_index::KustomizationIndex;
use super::link_answer::{ImageLink, LinkAnswer, LinkEvidence};
use super::own_images::is_own_image;
use super::{DockerfileFacts, FileFacts};
use crate::builds::{BuildRecipe, BuildTool, ImageClaim};
use crate::image::Reference;
use crate::repo::{PathBase, RelPath};
use crate::settings::{LinkSetting, SETTINGS_FILE};

/// How a link that the settings give is shown.
const SET_BY_PERSON: &str = "the settings say so";

/// The most witnesses of a link that are kept.
const MAX_EVIDENCE: usize = 8;

/// What links are found by.
#[derive(Clone, Copy)]
pub(super) struct LinkFinder<'a> {
    pub files: &'a FactsByFile,
    pub dockerfiles: &'a DockerfileIndex,
    pub claims: &'a ClaimIndex,
    pub kustomizations: &'a KustomizationIndex,
    pub base: &'a PathBase,
    /// What a person says in the settings, which counts before all else.
    pub set_links: &'a [LinkSetting],
}

/// A Dockerfile with the stage that is built.
type BuiltStage<'a> = (&'a RelPath, Option<String>);

impl LinkFinder<'_> {
    /// The answer for a container's image, as it is written or as kustomizations make it. `beside` is true where it is the
    /// only own image of its folder.
    pub(super) fn find_answer(&self, manifest: &RelPath, text: &str, beside: bool) -> Option<LinkAnswer> {
        let written = Reference::parse(text).ok()?;
        let name = ImageName::of_reference(&written);
        let built = self.kustomizations.images_in_effect(manifest.as_str(), &name);
        let built = built.iter().filter(|other| **other != name).filter_map(ImageName::to_reference);
        let mut answers: Vec<LinkAnswer> = Vec::new();
        for image in built.chain([written]) {
            if let Some(answer) = self.answer_for(manifest, &image, beside) {
                answers.push(answer);
            }
        }
        join_answers(answers)
    }

    fn answer_for(&self, manifest: &RelPath, image: &Reference, beside: bool) -> Option<LinkAnswer> {
        if let Some(set) = self.set_links.iter().find(|set| set.image == image.name()) {
            return Some(self.answer_by_setting(set));
        }
        let is_own = is_own_image(image);
        let mut claims = self.claims.claims_about(image);
        if !is_own {
            claims.retain(|scoped| has_whole_name(&scoped.claim, image));
        }
        if self.claims.has_foreign_namespace(image) {
            // Of a service that names no image only the last part of a name is known.
            claims.retain(|scoped| scoped.claim.tool != BuildTool::ComposeService);
        }
        // What a build file says of this very image is no matter of guesses, wherever that leads.
        let is_elsewhere = claims.iter().any(|scoped| self.leads_elsewhere(&scoped.claim, image));
        claims.retain(|scoped| !matches!(scoped.claim.recipe, BuildRecipe::Unknown));
        claims.retain(|scoped| self.may_build(&scoped.claim, image));
        let near = nearest_claims(&claims, manifest, image);
        if !near.is_empty() {
            return self.answer_by_claims(near, image);
        }
        let may_guess = is_own && claims.is_empty() && !is_elsewhere;
        may_guess.then(|| self.guess(manifest, image, beside)).flatten()
    }

    /// True for a claim with the whole name of an image and a Dockerfile that is not there.
    fn leads_elsewhere(&self, claim: &ImageClaim, image: &Reference) -> bool {
        let names_file = matches!(claim.recipe, BuildRecipe::Dockerfile { .. });
        names_file && has_whole_name(claim, image) && self.dockerfile_of(claim).is_none()
    }

    fn answer_by_setting(&self, set: &LinkSetting) -> LinkAnswer {
        let path = self.base.path_for_people(&SETTINGS_FILE.into());
        let evidence = LinkEvidence { text: SET_BY_PERSON, path, line: set.line, names_image: false };
        let Some(named) = set.dockerfile.as_deref().map(RelPath::from) else {
            return LinkAnswer::SetOtherwise { absent: None, evidence };
        };
        let Some(facts) = self.dockerfile_facts(&named) else {
            return LinkAnswer::SetOtherwise { absent: Some(self.base.path_for_people(&named)), evidence };
        };
        let stage = set.stage.clone().filter(|stage| facts.stage_name.as_deref() != Some(stage.as_str()));
        LinkAnswer::Linked(self.link_to((&named, stage), vec![evidence]))
    }

    /// False for a claim whose Dockerfile is not there, and for one that has no more of the image's name than its base has.
    fn may_build(&self, claim: &ImageClaim, image: &Reference) -> bool {
        match &claim.recipe {
            BuildRecipe::Unknown => false,
            BuildRecipe::WithoutDockerfile(_) => true,
            BuildRecipe::Dockerfile { .. } => self
                .dockerfile_of(claim)
                .is_some_and(|path| has_whole_name(claim, image) || !self.is_built_on(path, image)),
        }
    }

    fn dockerfile_of<'c>(&self, claim: &'c ImageClaim) -> Option<&'c RelPath> {
        claim.recipe.find_dockerfile(|path| self.dockerfile_facts(path).is_some())
    }

    fn dockerfile_facts(&self, path: &RelPath) -> Option<&DockerfileFacts> {
        match &**self.files.get(path)? {
            FileFacts::Dockerfile(facts) => Some(facts),
            FileFacts::Manifest(_) => None,
        }
    }

    /// True where the Dockerfile's base is the image itself.
    fn is_built_on(&self, dockerfile: &RelPath, image: &Reference) -> bool {
        let base = self.dockerfile_facts(dockerfile).and_then(|facts| facts.base_name.as_ref());
        base.is_some_and(|base| *base == image.name())
    }

    fn answer_by_claims(&self, near: Vec<&ScopedClaim>, image: &Reference) -> Option<LinkAnswer> {
        let near = claims_by_tag(near, image);
        let best = weightiest_claims(&near);
        let without = best.iter().find_map(|scoped| match scoped.claim.recipe {
            BuildRecipe::WithoutDockerfile(builder) => Some((builder, self.evidence_of(&scoped.claim))),
            _ => None,
        });
        let mut found: BTreeMap<BuiltStage<'_>, Vec<LinkEvidence>> = BTreeMap::new();
        for scoped in &best {
            if let Some(built) = self.built_stage(&scoped.claim) {
                let (evidence, seen) = (found.entry(built).or_default(), self.evidence_of(&scoped.claim));
                if !evidence.contains(&seen) {
                    evidence.push(seen);
                }
            }
        }
        drop_variants(&mut found);
        // Other files of the scope that say the same are witnesses, too.
        if let [(path, stage)] = found.keys().cloned().collect::<Vec<_>>().as_slice() {
            for scoped in &near {
                let seen = self.evidence_of(&scoped.claim);
                let evidence = found.entry((*path, stage.clone())).or_default();
                if self.built_stage(&scoped.claim) == Some((*path, stage.clone()))
                    && !evidence.contains(&seen)
                {
                    evidence.push(seen);
                }
            }
        }
        match (found.len(), without) {
            (0, Some((builder, evidence))) => Some(LinkAnswer::WithoutDockerfile { builder, evidence }),
            _ => decide(found.into_iter().map(|(built, evidence)| self.link_to(built, evidence)).collect()),
        }
    }

    /// The Dockerfile and stage that a claim names; no stage where it is the last.
    fn built_stage<'c>(&self, claim: &'c ImageClaim) -> Option<BuiltStage<'c>> {
        let path = self.dockerfile_of(claim)?;
        let last = self.dockerfile_facts(path).and_then(|facts| facts.stage_name.as_deref());
        let stage = claim.recipe.stage().filter(|stage| Some(*stage) != last).map(str::to_owned);
        Some((path, stage))
    }

    fn evidence_of(&self, claim: &ImageClaim) -> LinkEvidence {
        let path = self.base.path_for_people(&claim.path);
        let names_image = claim.tool.names_image();
        LinkEvidence { text: claim.tool.statement(), path, line: claim.line, names_image }
    }

    fn link_to(&self, (path, stage): BuiltStage<'_>, mut evidence: Vec<LinkEvidence>) -> ImageLink {
        evidence.truncate(MAX_EVIDENCE);
        let dockerfile = self.base.path_for_people(path);
        ImageLink { dockerfile, in_repository: path.clone(), stage, evidence }
    }

    /// The Dockerfile by names alone.
    fn guess(&self, manifest: &RelPath, image: &Reference, beside: bool) -> Option<LinkAnswer> {
        let name = last_part(image);
        let is_foreign = self.claims.has_foreign_namespace(image);
        let scope = self.claims.development_scope(manifest);
        let refuse = |path: &RelPath| {
            is_foreign
                || self.claims.builds_others(path, name)
                || self.is_built_on(path, image)
                || scope.is_some_and(|scope| !is_below(path, scope))
        };
        let likeliest = self.dockerfiles.likeliest_files(manifest, name, beside, refuse);
        let links = likeliest.into_iter().map(|(path, text)| {
            let path_of = self.base.path_for_people(path);
            let evidence = LinkEvidence { text, path: path_of, line: 1, names_image: false };
            self.link_to((path, None), vec![evidence])
        });
        decide(links.collect())
    }

    /// What a compose service is built from.
    pub(super) fn answer_for_service(&self, claim: &ImageClaim) -> Option<LinkAnswer> {
        match &claim.recipe {
            BuildRecipe::Unknown => None,
            BuildRecipe::WithoutDockerfile(builder) => {
                Some(LinkAnswer::WithoutDockerfile { builder, evidence: self.evidence_of(claim) })
            }
            BuildRecipe::Dockerfile { .. } => {
                let evidence = vec![self.evidence_of(claim)];
                Some(LinkAnswer::Linked(self.link_to(self.built_stage(claim)?, evidence)))
            }
        }
    }
}

/// One Dockerfile is the link; several are none.
fn decide(mut links: Vec<ImageLink>) -> Option<LinkAnswer> {
    match links.len() {
        0 => None,
        1 => links.pop().map(LinkAnswer::Linked),
        _ => Some(LinkAnswer::Undecided(links)),
    }
}

/// The answers for the images that a container runs in one build or the other. What is linked counts more than what is not.
fn join_answers(answers: Vec<LinkAnswer>) -> Option<LinkAnswer> {
    let mut links: Vec<ImageLink> = Vec::new();
    for link in answers.iter().filter_map(LinkAnswer::link) {
        if !links.iter().any(|own| (&own.dockerfile, &own.stage) == (&link.dockerfile, &link.stage)) {
            links.push(link.clone());
        }
    }
    decide(links).or_else(|| answers.into_iter().next())
}

/// Drops the Dockerfiles of other platforms and purposes where the plain one beside them is named as well.
fn drop_variants(found: &mut BTreeMap<BuiltStage<'_>, Vec<LinkEvidence>>) {
    let paths: Vec<RelPath> = found.keys().map(|(path, _)| (*path).clone()).collect();
    found.retain(|(path, _), _| !paths.iter().any(|plain| is_variant_of(path, plain)));
}
