//! The real registry, Debian's `docker-registry`, on a port and in a folder of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use ring::digest::{SHA256, digest};
use tempfile::TempDir;

use super::http::{Message, send};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// It runs until it is dropped.
pub(super) struct Distribution {
    pub(super) authority: String,
    process: Child,
    _folder: TempDir,
}

impl Distribution {
    /// None, with a word on why, where the registry is not installed.
    #[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
    pub(super) fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("config.yml");
        let text = format!(
            "version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\n\
             http: {{addr: \"127.0.0.1:0\", secret: test}}\n",
            folder.path().join("data").display()
        );
        std::fs::write(&config, text).unwrap();
        let started = Command::new("docker-registry")
            .arg("serve")
            .arg(&config)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut process) = started else {
            eprintln!(
                "skipped: `docker-registry` is not installed (Debian has it as a package of that name)"
            );
            return None;
        };
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let authority = lines
            .find_map(|line| {
                let rest = line.split_once("listening on ")?.1.to_owned();
                Some(rest.split(['"', ',', ' ']).next().unwrap().to_owned())
            })
            .expect("a registry says where it listens");
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { authority, process, _folder: folder })
    }

    /// Pushes an image of one platform under a tag; its digest.
    pub(super) fn push(&self, name: &str, tag: &str, platform: &str) -> String {
        self.put(name, tag, MANIFEST, self.image(name, platform).as_bytes())
    }

    /// Pushes an image of two platforms under each of the tags; the digests of its index and of one platform.
    pub(super) fn push_index(&self, name: &str, tags: &[&str], content: &str) -> (String, String) {
        let one = |platform: &str| {
            let image = self.image(name, &format!("{platform}/{content}"));
            let digest = self.put(name, &sha256(image.as_bytes()), MANIFEST, image.as_bytes());
            let (os, architecture) = platform.split_once('/').unwrap();
            let entry = format!(
                r#"{{"mediaType":"{MANIFEST}","digest":"{digest}","size":{},"platform":{{"os":"{os}","architecture":"{architecture}"}}}}"#,
                image.len()
            );
            (entry, digest)
        };
        let ((amd, platform), (arm, _)) = (one("linux/amd64"), one("linux/arm64"));
        let index = format!(r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{amd},{arm}]}}"#);
        for tag in tags {
            self.put(name, tag, INDEX, index.as_bytes());
        }
        (sha256(index.as_bytes()), platform)
    }

    /// The manifest of an image without layers.
    fn image(&self, name: &str, content: &str) -> String {
        let config = format!(r#"{{"made":"{content}","rootfs":{{"type":"layers","diff_ids":[]}}}}"#);
        let digest = self.blob(name, config.as_bytes());
        format!(
            r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{digest}","size":{}}},"layers":[]}}"#,
            config.len()
        )
    }

    fn blob(&self, name: &str, bytes: &[u8]) -> String {
        let begun = self.send("POST", &format!("/v2/{name}/blobs/uploads/"), &[], b"");
        let location = begun.header("location").unwrap();
        let target = location.split_once(&self.authority).map_or(location, |(_, target)| target);
        let digest = sha256(bytes);
        let target = format!("{target}&digest={digest}");
        let done = self.send("PUT", &target, &[("content-type", "application/octet-stream")], bytes);
        assert_eq!(done.status(), 201, "{done:?}");
        digest
    }

    fn put(&self, name: &str, tag: &str, kind: &str, bytes: &[u8]) -> String {
        let target = format!("/v2/{name}/manifests/{tag}");
        let done = self.send("PUT", &target, &[("content-type", kind)], bytes);
        assert_eq!(done.status(), 201, "{}", String::from_utf8_lossy(&done.body));
        let digest = sha256(bytes);
        assert_eq!(done.header("docker-content-digest"), Some(digest.as_str()));
        digest
    }

    fn send(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Message {
        send(&self.authority, method, target, headers, body)
    }
}

impl Drop for Distribution {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// As registries write it.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let digest = digest(&SHA256, bytes);
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
