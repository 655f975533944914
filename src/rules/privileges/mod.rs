//! What the kernel lets the program do: the Pod Security Standards.

pub(super) mod capabilities_not_dropped;
pub(super) mod missing_seccomp;
pub(super) mod privilege_escalation;
