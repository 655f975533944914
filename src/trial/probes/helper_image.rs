//! Makes the image of the helper that asks a pod: this program alone, handed to the engine, so that nothing is fetched.

use super::helper_files::{HelperFiles, LIBRARIES, PROGRAM};
use super::probe_loop::HELPER_ARGUMENT;
use crate::trial::container_engine::{ContainerEngine, StillAwaited};
use crate::trial::pod_launch::PodLaunch;
use crate::trial::trial_error::engine_reason;
use crate::trial::trial_images::own_image_tag;
use crate::trial::trial_marks::label_words;
use crate::trial::trial_things::remove_image;

/// The image, which is removed when this goes out of sight.
pub(in crate::trial) struct HelperImage<'a> {
    engine: &'a ContainerEngine,
    is_awaited: StillAwaited<'a>,
    tag: String,
    /// The words that start the helper, but for what it is asked.
    start: Vec<String>,
}

impl Drop for HelperImage<'_> {
    fn drop(&mut self) {
        remove_image(self.engine, &self.tag, self.is_awaited);
    }
}

/// True where a container of the pod is asked through its network.
pub(in crate::trial) fn needs_helper(pod: &PodLaunch) -> bool {
    pod.main_containers().any(|own| own.probes.iter().any(|probe| probe.action.is_asked_by_network()))
}

impl<'a> HelperImage<'a> {
    /// # Errors
    /// Why there can be none: it is then asked as far as that goes without.
    pub(in crate::trial) fn make(
        engine: &'a ContainerEngine,
        is_awaited: StillAwaited<'a>,
    ) -> Result<Self, String> {
        if !cfg!(target_os = "linux") {
            return Err("this program runs in no container".to_owned());
        }
        let files = HelperFiles::read()?;
        let mut start = vec![format!("/{PROGRAM}")];
        if let Some(loader) = files.loader {
            let libraries = format!("/{LIBRARIES}");
            let loader = format!("{libraries}/{loader}");
            start.splice(0..0, [loader, "--library-path".to_owned(), libraries]);
        }
        start.push(HELPER_ARGUMENT.to_owned());
        // From here on it is removed, whatever the engine has made of it.
        let image = Self { engine, is_awaited, tag: own_image_tag(), start };
        let change = format!("--change=LABEL {}", label_words());
        let words = ["import", &change, "-", &image.tag].map(str::to_owned);
        let answer = engine.feed(&words, files.archive, is_awaited).map_err(|error| error.to_string())?;
        if answer.succeeded() {
            Ok(image)
        } else {
            Err(format!("the engine takes no image of it ({})", engine_reason(&answer.stderr)))
        }
    }

    /// The options of a container of it, which has this network and nothing else: no file that it could write, no right,
    /// nothing of the user's.
    pub(in crate::trial) fn bare_options(&self, network: &str) -> Vec<String> {
        let mut words = vec![format!("--network={network}")];
        words.extend(
            [
                "--pull=never",
                "--log-driver=none",
                "--read-only",
                "--cap-drop=ALL",
                "--security-opt=no-new-privileges",
                "--user=65534:65534",
                "--pids-limit=64",
                "--memory=134217728",
                "--memory-swap=134217728",
            ]
            .map(str::to_owned),
        );
        if self.engine.is_podman() {
            words.push("--read-only-tmpfs=false".to_owned());
        }
        words
    }

    /// The image and what is run in it: the helper, which is asked this.
    pub(in crate::trial) fn command_words(&self, asked: &str) -> Vec<String> {
        let (first, rest) =
            self.start.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        let mut words = vec![format!("--entrypoint={first}"), "--".to_owned(), self.tag.clone()];
        words.extend_from_slice(rest);
        words.push(asked.to_owned());
        words
    }
}
