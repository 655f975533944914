//! What becomes of files once registries have answered.

use std::collections::BTreeSet;

use seaworthy::finding::{FindingKey, Safety};
use seaworthy::fix::{FixOrder, Planner, RegistryAnswers};
use seaworthy::image::Reference;
use seaworthy::image::registry::{DigestStatus, ReferenceResolver, RegistryError, TagResolution};

use super::{CURRENT, resolution};
use crate::support::{audit, repository};

const D: &str = "sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";
pub(super) const IMAGE_RULES: [&str; 4] = ["unpinned-image", "latest-tag", "untagged-image", "moving-tag"];

/// Has every image but those named `gone`; knows versions of `nginx` alone.
struct Registry;

impl ReferenceResolver for Registry {
    fn resolve(&self, reference: &Reference) -> Result<TagResolution, RegistryError> {
        if reference.repository().ends_with("gone") {
            return Err(RegistryError::NotFound {
                host: reference.host().into(),
                name: reference.text().into(),
            });
        }
        let versions: &[&str] =
            if reference.repository() == "nginx" { &["1.27.3", "1.27.3-bookworm"] } else { &[] };
        let tags = versions.iter().map(|&tag| tag.to_owned()).collect();
        Ok(resolution(D.into(), tags))
    }

    fn check_digest(&self, _: &Reference) -> Result<DigestStatus, RegistryError> {
        Ok(CURRENT)
    }
}

/// The file after the fixes of these rules, and what is withheld of them.
fn fix(name: &str, text: &str, rules: &[&str]) -> (String, Vec<String>) {
    let root = repository(&[(name, text)]);
    let engine = audit(root.path());
    let asked = |rule: &str| rules.contains(&rule);
    let references = RegistryAnswers::find_unresolved(&engine, asked);
    let answers = RegistryAnswers::ask_registries(&Registry, &references, &|_, _| {});
    let outcome = Planner::new(&engine)
        .with_answers(&answers)
        .plan(&FixOrder::Rules { accepts: &asked, max_safety: Safety::Safe })
        .unwrap();
    let after = outcome.patches.first().map_or(text, |patch| patch.after.text()).to_owned();
    let again = repository(&[(name, &after)]);
    let engine = audit(again.path());
    let second = Planner::new(&engine)
        .with_answers(&answers)
        .plan(&FixOrder::Rules { accepts: &asked, max_safety: Safety::Safe })
        .unwrap();
    assert!(second.patches.is_empty(), "a second run changes {after}");
    (after, outcome.withheld.into_iter().map(|(key, reason)| format!("{}: {reason}", key.rule)).collect())
}

/// In `after`, `@D` is the digest.
fn dockerfile(before: &str, after: &str) {
    let (text, withheld) = fix("Dockerfile", before, &IMAGE_RULES);
    assert_eq!(text, after.replace("@D", &format!("@{D}")), "{before}");
    assert!(withheld.is_empty(), "{withheld:?}");
}

#[test]
fn a_from_takes_the_digest_behind_its_tag() {
    for (before, after) in [
        ("FROM python:3.12.1\n", "FROM python:3.12.1@D\n"),
        ("FROM python:3.12.1", "FROM python:3.12.1@D"),
        ("from  python:3.12.1\tAS  base \n", "from  python:3.12.1@D\tAS  base \n"),
        (
            "FROM --platform=linux/amd64 a.b:5000/c/d:1.0.0 AS x\n",
            "FROM --platform=linux/amd64 a.b:5000/c/d:1.0.0@D AS x\n",
        ),
        ("FROM \"python:3.12.1\"\n", "FROM \"python:3.12.1@D\"\n"),
        (
            "FROM \\\n  # which\n  python:3.12.1 \\\n  AS base\r\n",
            "FROM \\\n  # which\n  python:3.12.1@D \\\n  AS base\r\n",
        ),
        ("FROM a:1.0@sha256:short\n", "FROM a:1.0@D\n"),
        ("FROM nginx\n", "FROM nginx:1.27.3@D\n"),
        ("FROM nginx:latest\n", "FROM nginx:1.27.3@D\n"),
        ("FROM nginx:stable\n", "FROM nginx:1.27.3@D\n"),
        ("FROM gcr.io/distroless/static\n", "FROM gcr.io/distroless/static@D\n"),
        ("FROM a:1.0 AS b\nFROM b\nFROM scratch\n", "FROM a:1.0@D AS b\nFROM b\nFROM scratch\n"),
    ] {
        dockerfile(before, after);
    }
}

#[test]
fn arguments_keep_their_say_where_they_can() {
    for (before, after) in [
        ("ARG BASE=python:3.12.1\nFROM $BASE\n", "ARG BASE=python:3.12.1@D\nFROM $BASE\n"),
        (
            "ARG X=1 BASE=\"nginx\"\nFROM ${BASE} AS b\n",
            "ARG X=1 BASE=\"nginx:1.27.3@D\"\nFROM ${BASE} AS b\n",
        ),
        ("ARG B=a:1.0\nFROM $B AS x\nFROM $B AS y\n", "ARG B=a:1.0@D\nFROM $B AS x\nFROM $B AS y\n"),
        ("ARG V=3.12.1\nFROM python:${V}-slim AS x\n", "ARG V=3.12.1\nFROM python:${V}-slim@D AS x\n"),
        ("ARG R=a.b\nFROM $R/c:1.0\n", "ARG R=a.b\nFROM $R/c:1.0@D\n"),
    ] {
        dockerfile(before, after);
    }
}

#[test]
fn copies_and_mounts_from_images_are_pinned_and_those_from_stages_left() {
    dockerfile(
        "FROM a:1.0@sha256:1111111111111111111111111111111111111111111111111111111111111111 AS s\n\
         COPY --from=nginx --chown=1:1 /a /b\nCOPY --from=s /a /b\nCOPY --from=0 /a /b\n\
         RUN --mount=type=bind,from=tool:2.0,target=/t --mount=type=cache,target=/c true\n\
         RUN --mount=from=s,target=/t true\n",
        "FROM a:1.0@sha256:1111111111111111111111111111111111111111111111111111111111111111 AS s\n\
         COPY --from=nginx:1.27.3@D --chown=1:1 /a /b\nCOPY --from=s /a /b\nCOPY --from=0 /a /b\n\
         RUN --mount=type=bind,from=tool:2.0@D,target=/t --mount=type=cache,target=/c true\n\
         RUN --mount=from=s,target=/t true\n",
    );
}

#[test]
fn what_cannot_be_written_is_withheld_with_the_reason() {
    for (before, rule, reason) in [
        ("FROM gone:1.0\n", "unpinned-image", "docker.io has no `gone:1.0`: check the name and the tag"),
        (
            "FROM a:latest\n",
            "latest-tag",
            "no tag of a that names a version has the digest that `latest` has now",
        ),
        ("FROM a@sha256:short\n", "unpinned-image", "nobody can tell which image"),
        ("ARG B=a:1.0\nFROM $B AS x\nFROM $B-slim\n", "unpinned-image", "part of other references too"),
        ("ARG B=a:1.0\nARG C=${B}-x\nFROM $B\n", "unpinned-image", "part of other references too"),
        ("ARG B\nFROM ${B:-a:1.0}\n", "unpinned-image", "an argument without a plain default"),
        ("ARG V=latest\nFROM nginx:$V\n", "latest-tag", "build arguments put its tag together"),
    ] {
        let (_, withheld) = fix("Dockerfile", before, &[rule]);
        let said = withheld.iter().any(|withheld| withheld.starts_with(rule) && withheld.contains(reason));
        assert!(said, "{before}: {withheld:?}");
    }
}

#[test]
fn each_rule_alone_changes_only_what_it_is_about() {
    let only = |rule: &str| fix("Dockerfile", "FROM nginx:latest\n", &[rule]).0;
    assert_eq!(only("latest-tag"), "FROM nginx:1.27.3\n");
    assert_eq!(only("unpinned-image"), format!("FROM nginx:latest@{D}\n"));
}

const POD: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      initContainers:
        - {name: init, image: 'busybox:1.36.1'}   # once
      containers:
        - name: api
          image: \"nginx\"  # ours
        - image: a.b:5000/c/d:1.0.0
          name: side
        - name: gone
          image: gone:1.0
        - name: pinned
          image: a:1.0@sha256:1111111111111111111111111111111111111111111111111111111111111111
      ephemeralContainers:
        - name: debug
          image: >-
            debug:1.2.3
";

#[test]
fn containers_of_every_kind_are_pinned_in_their_own_hand() {
    let (after, withheld) = fix("web.yaml", POD, &IMAGE_RULES);
    let expected = POD
        .replace("'busybox:1.36.1'", &format!("'busybox:1.36.1@{D}'"))
        .replace("\"nginx\"", &format!("\"nginx:1.27.3@{D}\""))
        .replace("c/d:1.0.0", &format!("c/d:1.0.0@{D}"));
    let (expected_head, _) = expected.split_once("          image: >-").unwrap();
    assert!(after.starts_with(expected_head), "{after}");
    assert!(after[expected_head.len()..].contains(&format!("debug:1.2.3@{D}")), "{after}");
    assert_eq!(withheld, ["unpinned-image: docker.io has no `gone:1.0`: check the name and the tag"]);
}

#[test]
fn without_answers_nothing_is_written_and_nothing_is_withheld() {
    let root = repository(&[("web.yaml", POD), ("Dockerfile", "FROM nginx\n")]);
    let engine = audit(root.path());
    let images = |rule: &str| IMAGE_RULES.contains(&rule);
    let outcome = Planner::new(&engine)
        .plan(&FixOrder::Rules { accepts: &images, max_safety: Safety::Review })
        .unwrap();
    assert_eq!((outcome.patches.len(), outcome.withheld.len()), (0, 0));
    assert_eq!(
        RegistryAnswers::find_unresolved(&engine, images)
            .iter()
            .map(Reference::text)
            .collect::<BTreeSet<_>>(),
        BTreeSet::from(["nginx", "busybox:1.36.1", "a.b:5000/c/d:1.0.0", "gone:1.0", "debug:1.2.3"])
    );
    assert!(RegistryAnswers::find_unresolved(&engine, |rule| rule == "may-run-as-root").is_empty());
}

#[test]
fn a_person_may_choose_another_of_the_tags() {
    let root = repository(&[("Dockerfile", "FROM nginx\nUSER 50000\n")]);
    let engine = audit(root.path());
    let nginx = Reference::parse("nginx").unwrap();
    let mut answers = RegistryAnswers::ask_registries(&Registry, std::slice::from_ref(&nginx), &|_, _| {});
    answers.prefer_tag(&nginx, Some("1.27.3-bookworm"));
    answers.prefer_tag(&nginx, Some("of no such name"));
    let path = engine.audited_paths_of_kind(seaworthy::repo::FileKind::Dockerfile).next().unwrap().clone();
    let keys: Vec<FindingKey> = engine
        .open_findings(&path)
        .into_iter()
        .map(|(key, _)| key)
        .filter(|key| key.rule == "untagged-image")
        .collect();
    let plan = Planner::new(&engine).with_answers(&answers).plan(&FixOrder::Findings(&keys)).unwrap();
    assert_eq!(plan.patches[0].after.text(), "FROM nginx:1.27.3-bookworm\nUSER 50000\n");
    assert_eq!(plan.safety, Safety::Value);
    assert_eq!(plan.title, "Name the version that `latest` is now");
    assert!(
        Planner::new(&engine)
            .plan(&FixOrder::Findings(&keys))
            .unwrap_err()
            .to_string()
            .contains("a registry has it")
    );
}

/// A pod with this below `spec`.
fn pod(spec: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n{spec}")
}

#[test]
fn images_that_share_an_anchor_stay_one() {
    let before = pod(
        "  containers:\n    - name: a\n      image: &image a:1.0.0 # one\n    - name: b\n      image: *image\n",
    );
    let (after, withheld) = fix("pod.yaml", &before, &IMAGE_RULES);
    let both = serde_yaml::from_str::<serde_yaml::Value>(&after).unwrap();
    let image = |at: usize| both["spec"]["containers"][at]["image"].as_str().unwrap().to_owned();
    if withheld.is_empty() {
        assert_eq!((image(0), image(1)), (format!("a:1.0.0@{D}"), format!("a:1.0.0@{D}")), "{after}");
    } else {
        assert_eq!(after, before, "{withheld:?}");
    }
    assert!(after.contains("# one"), "{after}");
}

#[test]
fn an_image_in_several_places_is_pinned_in_all_of_them() {
    let before = pod(
        "  initContainers: [{name: i, image: a:1.0.0}]\n  containers:\n    - name: a\n      image: a:1.0.0\n    - name: b\n      image: 'a:1.0.0'\n",
    );
    let (after, withheld) = fix("pod.yaml", &before, &IMAGE_RULES);
    assert_eq!(after, before.replace("a:1.0.0", &format!("a:1.0.0@{D}")));
    assert!(withheld.is_empty(), "{withheld:?}");
}

#[test]
fn where_a_kustomization_replaces_the_image_it_is_said_that_this_does_not_reach_it() {
    let kustomization = |images: &str, resource: &str| {
        format!(
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [{resource}]\nimages: {images}\n"
        )
    };
    let cautions = |images: &str| {
        let root = repository(&[
            ("base/pod.yaml", &pod("  containers:\n    - name: a\n      image: shop/a:1.0.0\n")),
            ("base/kustomization.yaml", &kustomization("[]", "pod.yaml")),
            // What cannot be built is judged as it is written, and so mended there.
            (
                "overlays/prod/kustomization.yaml",
                &kustomization(images, "../../base, 'https://example.com/a.yaml'"),
            ),
            ("elsewhere/kustomization.yaml", &kustomization("[{name: shop/a, newTag: '3'}]", "other.yaml")),
        ]);
        let engine = audit(root.path());
        let unpinned = |rule: &str| rule == "unpinned-image";
        let answers = RegistryAnswers::ask_registries(
            &Registry,
            &RegistryAnswers::find_unresolved(&engine, unpinned),
            &|_, _| {},
        );
        let keys: Vec<FindingKey> = engine
            .open_findings(&"base/pod.yaml".into())
            .into_iter()
            .map(|(key, _)| key)
            .filter(|key| unpinned(key.rule))
            .collect();
        let outcome = Planner::new(&engine)
            .with_answers(&answers)
            .plan(&FixOrder::Rules { accepts: &unpinned, max_safety: Safety::Safe })
            .unwrap();
        let plan = Planner::new(&engine).with_answers(&answers).plan(&FixOrder::Findings(&keys)).unwrap();
        assert_eq!(plan.cautions, outcome.cautions);
        plan.cautions
    };
    let said = "overlays/prod/kustomization.yaml replaces shop/a when it builds: what it deploys needs a `digest` \
                under its `images`, too";
    assert_eq!(cautions("[{name: shop/a, newTag: '2.0'}]"), [said]);
    assert_eq!(cautions("[{name: shop/a, newName: mirror/a}]"), [said]);
    for silent in ["[{name: shop/b, newTag: '2.0'}]", "[]"] {
        assert_eq!(cautions(silent), [""; 0], "{silent}");
    }
}

#[test]
fn a_digest_is_renewed_in_all_of_its_places_and_nothing_else_is_touched() {
    let old = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    let dockerfile = format!(
        "ARG BASE=\"a:1.0@{old}\"\nFROM ${{BASE}} AS x # no comment\nCOPY --from=b:2@{old} /a /b\nFROM a@{old}\n"
    );
    let dockerfile = dockerfile.replace(" # no comment", "");
    let pod = pod(&format!("  containers:\n    - name: a\n      image: 'a:1.0@{old}' # kept\n"));
    let root = repository(&[("Dockerfile", &dockerfile), ("pod.yaml", &pod)]);
    let engine = audit(root.path());
    let pins = engine.pinned_images();
    let listed: Vec<_> = pins.iter().map(|pin| (pin.path.as_str(), pin.line)).collect();
    assert_eq!(listed, [("Dockerfile", 2), ("Dockerfile", 3), ("Dockerfile", 4), ("pod.yaml", 7)]);
    let plan =
        Planner::new(&engine).plan(&FixOrder::Digests(&[(pins[0].image.clone(), D.to_owned())])).unwrap();
    let after = |path: &str| plan.patches.iter().find(|p| p.path.as_str() == path).unwrap().after.text();
    assert_eq!(after("Dockerfile"), dockerfile.replacen(old, D, 1));
    assert_eq!(after("pod.yaml"), pod.replace(old, D));
    let untagged = [(pins[2].image.clone(), D.to_owned())];
    assert!(Planner::new(&engine).plan(&FixOrder::Digests(&untagged)).is_err(), "it has no tag to go by");
}
