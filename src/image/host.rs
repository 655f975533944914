//! What a container's uid is on the host that runs it.
