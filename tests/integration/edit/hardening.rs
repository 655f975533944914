//! What a hardening asks of a pod, as changes of its document: the changes that the editor is for.

use seaworthy::yaml::edit::YamlEdit;
use seaworthy::yaml::{PathStep, YamlPath};
use serde_yaml::Value;

/// A value written as YAML.
pub(crate) fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

/// A path as people write it: `spec.containers[0].image`.
pub(crate) fn path(text: &str) -> YamlPath {
    let parts = text.split(['.', '[']).filter(|part| !part.is_empty());
    parts
        .map(|part| match part.strip_suffix(']') {
            Some(index) => PathStep::Index(index.parse().unwrap()),
            None => PathStep::from(part),
        })
        .collect()
}

pub(crate) fn set(at: &[PathStep], below: &str, to: &str) -> YamlEdit {
    YamlEdit::Set { path: [at, &path(below)].concat(), to: yaml(to) }
}

pub(crate) fn append(at: &[PathStep], below: &str, item: &str) -> YamlEdit {
    YamlEdit::Append { path: [at, &path(below)].concat(), item: yaml(item) }
}

/// Where the pods of a document are: whatever holds a list of containers.
pub(crate) fn pods(value: &Value) -> Vec<YamlPath> {
    let mut found = Vec::new();
    let mut open = vec![(YamlPath::new(), value)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Mapping(map) => {
                if map.get("containers").is_some_and(|c| c.as_sequence().is_some_and(|c| !c.is_empty())) {
                    found.push(at.clone());
                }
                for (key, value) in map {
                    let Some(key) = key.as_str() else { continue };
                    open.push(([at.as_slice(), &[PathStep::from(key)]].concat(), value));
                }
            }
            Value::Sequence(items) => {
                let items = items.iter().enumerate();
                open.extend(items.map(|(i, v)| ([at.as_slice(), &[PathStep::Index(i)]].concat(), v)));
            }
            _ => {}
        }
    }
    found.reverse();
    found
}

pub(crate) fn value_at<'a>(value: &'a Value, path: &[PathStep]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, step| match step {
        PathStep::Key(key) => value.get(key.as_str()),
        PathStep::Index(index) => value.get(index),
    })
}

/// The fixes of one pod by name, and all of them as one.
pub(crate) fn fixes(value: &Value, pod: &[PathStep]) -> Vec<(&'static str, Vec<YamlEdit>)> {
    let containers = containers(value, pod);
    let each = |ops: fn(&[PathStep], &Value) -> Vec<YamlEdit>| -> Vec<YamlEdit> {
        containers.iter().flat_map(|(at, container)| ops(at, container)).collect()
    };
    let mut writable = each(mount);
    writable.push(append(pod, "volumes", "{name: scratch-tmp, emptyDir: {}}"));
    let mut fixes = vec![
        ("token", vec![set(pod, "automountServiceAccountToken", "false")]),
        ("identity", identity(pod)),
        ("privileges", each(privileges)),
        ("resources", each(resources)),
        ("image", each(image)),
        ("filesystem", writable),
        ("wrong values", [wrong_values(pod, value), each(wrong_ports)].concat()),
    ];
    let all = fixes.iter().flat_map(|(_, ops)| ops.clone()).collect();
    fixes.push(("all", all));
    fixes.retain(|(_, ops)| !ops.is_empty());
    fixes
}

fn containers<'a>(value: &'a Value, pod: &[PathStep]) -> Vec<(YamlPath, &'a Value)> {
    let mut found = Vec::new();
    for list in ["initContainers", "containers"] {
        let at = [pod, &[PathStep::from(list)]].concat();
        let items = value_at(value, &at).and_then(Value::as_sequence);
        for (index, item) in items.into_iter().flatten().enumerate().filter(|(_, item)| item.is_mapping()) {
            found.push(([at.as_slice(), &[PathStep::Index(index)]].concat(), item));
        }
    }
    found
}

fn identity(pod: &[PathStep]) -> Vec<YamlEdit> {
    vec![
        set(pod, "securityContext.runAsUser", "48301"),
        set(pod, "securityContext.runAsNonRoot", "true"),
        set(pod, "securityContext.runAsGroup", "48301"),
        set(pod, "securityContext.seccompProfile.type", "RuntimeDefault"),
    ]
}

fn privileges(at: &[PathStep], _: &Value) -> Vec<YamlEdit> {
    vec![
        set(at, "securityContext.allowPrivilegeEscalation", "false"),
        set(at, "securityContext.readOnlyRootFilesystem", "true"),
        append(at, "securityContext.capabilities.drop", "ALL"),
    ]
}

fn resources(at: &[PathStep], _: &Value) -> Vec<YamlEdit> {
    vec![
        set(at, "resources.limits.memory", "128Mi"),
        set(at, "resources.limits.cpu", "500m"),
        set(at, "resources.requests.cpu", "100m"),
        set(at, "resources.requests.memory", "64Mi"),
    ]
}

fn image(at: &[PathStep], container: &Value) -> Vec<YamlEdit> {
    let image = container.get("image").and_then(Value::as_str).filter(|image| !image.contains('@'));
    let digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let pinned = |image| {
        // Not through YAML, as which not every text can be read that was one in quotes.
        YamlEdit::Set { path: [at, &path("image")].concat(), to: format!("{image}@{digest}").into() }
    };
    image.map(pinned).into_iter().collect()
}

fn mount(at: &[PathStep], _: &Value) -> Vec<YamlEdit> {
    vec![append(at, "volumeMounts", "{name: scratch-tmp, mountPath: /tmp}")]
}

fn wrong_values(pod: &[PathStep], value: &Value) -> Vec<YamlEdit> {
    let there = |key: &str| value_at(value, pod).is_some_and(|pod| pod.get(key).is_some());
    let flags = ["hostNetwork", "hostPID", "hostIPC"].into_iter().filter(|key| there(key));
    flags.map(|key| set(pod, key, "false")).collect()
}

fn wrong_ports(at: &[PathStep], container: &Value) -> Vec<YamlEdit> {
    let ports = container.get("ports").and_then(Value::as_sequence);
    let open = ports.into_iter().flatten().enumerate().filter(|(_, port)| port.get("hostPort").is_some());
    let paths = open.map(|(index, _)| [at, &path(&format!("ports[{index}].hostPort"))].concat());
    paths.map(|path| YamlEdit::Remove { path }).collect()
}
