//! A kustomization that cannot be read, as while somebody types: what it may name as a patch is judged by what it says.

use super::audited::{PATCH, overlays, places, refresh};
use crate::support::audit;

const PATCHES: &str = "patches: [{path: patch.yaml}]\n";

/// Broken forms of an overlay's kustomization: at the end, in its patches, at the start, cut off and empty.
const BROKEN: [&str; 6] = [
    "resources: [../../base]\npatches:\n- path: patch.yaml\npatches: [\n",
    "resources: [../../base]\npatches:\n- path: patch.yaml\n- path: [\n",
    "resources: [\npatches:\n- path: patch.yaml\n",
    "resources: [../../base]\npatches: [{path: pat",
    "{resources: [../../base], patches: [{path: patch.yaml}]",
    "",
];

#[test]
fn patches_of_a_broken_kustomization_lack_nothing() {
    for image in ["", "          image: registry.example/web:1.0.0\n"] {
        let patch = format!("{PATCH}{image}          securityContext: {{privileged: true}}\n");
        for broken in BROKEN {
            let files =
                [("overlays/dev/kustomization.yaml", broken), ("overlays/dev/patch.yaml", patch.as_str())];
            let folder = overlays(&[("dev", PATCHES)], &files);
            let engine = audit(folder.path());
            let of_patch = |rule: &str| {
                let found = places(&engine, rule);
                found.into_iter().filter(|place| place.contains("patch.yaml")).count()
            };
            for rule in ["missing-memory-limit", "default-namespace", "service-account-token-mounted"] {
                assert_eq!(of_patch(rule), 0, "{rule}, {image:?}: {broken}");
            }
            assert_eq!(of_patch("privileged-container"), 1, "{image:?}: {broken}");
        }
    }
}

#[test]
fn what_a_broken_kustomization_names_as_a_resource_is_an_object() {
    let broken = "resources: [web.yaml]\npatches: [\n";
    let folder = overlays(&[], &[("base/kustomization.yaml", broken)]);
    assert_eq!(places(&audit(folder.path()), "missing-memory-limit"), ["base/web.yaml:11 Deployment/web"]);
    // Where all patches can be read, what nobody names is an object.
    let broken = "patches:\n- path: p.yaml\nimages: [\n";
    let folder = overlays(&[], &[("base/kustomization.yaml", broken)]);
    assert_eq!(places(&audit(folder.path()), "missing-memory-limit"), ["base/web.yaml:11 Deployment/web"]);
}

#[test]
fn breaking_and_mending_a_kustomization_is_followed() {
    let patch = format!(
        "{PATCH}          image: registry.example/web:1.0.0\n          securityContext: {{privileged: true}}\n"
    );
    let folder = overlays(&[("dev", PATCHES)], &[("overlays/dev/patch.yaml", &patch)]);
    let mut engine = audit(folder.path());
    let path = "overlays/dev/kustomization.yaml";
    let whole = std::fs::read_to_string(folder.path().join(path)).unwrap();
    let all = |engine: &seaworthy::audit::AuditEngine| {
        ["missing-memory-limit", "default-namespace", "privileged-container"].map(|rule| places(engine, rule))
    };
    let before = all(&engine);
    for broken in BROKEN {
        refresh(&mut engine, folder.path(), path, broken);
        let fresh = all(&audit(folder.path()));
        let now = all(&engine);
        assert!(now[..2].iter().flatten().all(|place| !place.contains("patch.yaml")), "{broken}: {now:?}");
        assert_eq!(now[2].len(), 1, "{broken}: {now:?}");
        assert_eq!(fresh[2].len(), 1, "{broken}");
        refresh(&mut engine, folder.path(), path, &whole);
        assert_eq!(all(&engine), before);
    }
}
