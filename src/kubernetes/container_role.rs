//! Names the purposes that a container has in its pod.

/// The purpose of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContainerRole {
    /// Runs to its end before the main ones start.
    Init,
    /// An init container that is restarted always, and so runs beside the main ones.
    Sidecar,
    Main,
    /// Put into a running pod for debugging.
    Ephemeral,
}

impl ContainerRole {
    /// The pod spec's key for the list it stands in.
    #[must_use]
    pub const fn list_key(self) -> &'static str {
        match self {
            Self::Init | Self::Sidecar => "initContainers",
            Self::Main => "containers",
            Self::Ephemeral => "ephemeralContainers",
        }
    }
}
