//! Puts a finding's own names into its rule's page, in the place of those of the example that all pages tell.

/// The names of one finding. Where one is none, the page keeps its example's.
///
/// Names come from files that are not trusted, and stand in commands that a person may paste: what holds more than
/// letters, digits, dots, dashes, underscores and slashes is taken for none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageNames {
    /// The object's kind, such as `Deployment`.
    pub kind: Option<String>,
    /// The object's name; of a Dockerfile a name for its image.
    pub name: Option<String>,
    pub container: Option<String>,
    pub namespace: Option<String>,
    /// The path of the file.
    pub path: Option<String>,
    /// The variable that a secret stands in.
    pub variable: Option<String>,
    /// The uid and the gid that the fix writes.
    pub ids: Option<(String, String)>,
}

/// A word of the example, and what stands in its place after the text before it.
type StandIn = (&'static str, fn(&PageNames, &str) -> Option<String>);

/// The words of the example, each before those that it begins with.
const STAND_INS: [StandIn; 12] = [
    ("deployment.apps/api", |names, _| Some(format!("{}/{}", names.group_resource()?, names.name()?))),
    ("deployment \"api\"", |names, _| Some(format!("{} \"{}\"", names.resource()?, names.name()?))),
    ("deploy/api", PageNames::command_target),
    ("deploy api", |names, _| Some(format!("{} {}", names.resource()?, names.name()?))),
    ("deploy.yaml", |names, _| plain_name(names.path.as_ref())),
    ("Container api", |names, _| Some(format!("Container {}", names.container()?))),
    ("- name: api", |names, _| Some(format!("- name: {}", names.container().or_else(|| names.name())?))),
    ("api=registry.example/api", |names, _| {
        let container = names.container().unwrap_or_else(|| "CONTAINER".to_owned());
        Some(format!("{container}=registry.example/{}", names.name()?))
    }),
    ("api", |names, _| names.name()),
    ("shop", |names, _| plain_name(names.namespace.as_ref())),
    ("DB_PASSWORD", |names, _| plain_name(names.variable.as_ref())),
    ("43122", |names, before| {
        let (uid, gid) = names.ids.as_ref()?;
        let is_group =
            ["runAsGroup: ", "fsGroup: ", "-g ", "gid=", ":"].iter().any(|lead| before.ends_with(lead));
        plain_name(Some(if is_group { gid } else { uid }))
    }),
];

/// The kinds that `kubectl exec` and `kubectl logs` take in the place of one of their pods.
const POD_KINDS: [&str; 6] = ["deployment", "statefulset", "daemonset", "replicaset", "job", "pod"];

impl PageNames {
    /// The page, or a part of it, with these names.
    #[must_use]
    pub fn fill_page(&self, page: &str) -> String {
        let mut filled = String::with_capacity(page.len());
        let mut rest = page;
        while let Some(c) = rest.chars().next() {
            match begins_word(&filled).then(|| self.find_own(&filled, rest)).flatten() {
                Some((own, length)) => {
                    filled.push_str(&own);
                    rest = &rest[length..];
                }
                None => {
                    filled.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        filled
    }

    /// What stands in the place of the word that the text begins with, and the word's length.
    fn find_own(&self, before: &str, text: &str) -> Option<(String, usize)> {
        STAND_INS.iter().find_map(|(word, own)| {
            let after = text.strip_prefix(word)?;
            // `/api/v1` is a path of the API.
            let ends = !after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '/'));
            Some((own(self, before).filter(|_| ends)?, word.len()))
        })
    }

    fn name(&self) -> Option<String> {
        plain_name(self.name.as_ref())
    }

    fn container(&self) -> Option<String> {
        plain_name(self.container.as_ref())
    }

    /// The kind as kubectl takes it: `statefulset`.
    fn resource(&self) -> Option<String> {
        plain_name(self.kind.as_ref()).map(|kind| kind.to_lowercase())
    }

    /// The same as kubectl prints it: `statefulset.apps`.
    fn group_resource(&self) -> Option<String> {
        let resource = self.resource()?;
        let group = match resource.as_str() {
            "deployment" | "statefulset" | "daemonset" | "replicaset" => ".apps",
            "job" | "cronjob" => ".batch",
            _ => "",
        };
        Some(resource + group)
    }

    /// The object in a command. Not every kind stands for its pods.
    fn command_target(&self, before: &str) -> Option<String> {
        let (resource, name) = (self.resource()?, self.name()?);
        let is_in_pod = ["kubectl exec ", "kubectl logs "].iter().any(|command| before.ends_with(command));
        let is_pod = POD_KINDS.contains(&resource.as_str()) || !is_in_pod;
        Some(if is_pod { format!("{resource}/{name}") } else { "POD".to_owned() })
    }
}

/// True where a word can begin after the text.
fn begins_word(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

fn plain_name(name: Option<&String>) -> Option<String> {
    let is_plain = |name: &&String| {
        !name.is_empty()
            && !name.starts_with('-')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/'))
    };
    name.filter(is_plain).cloned()
}
