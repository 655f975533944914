//! The ids of the rules that other rooms name, each taken from its rule, so that none is written twice.

use super::{dockerfile, file, filesystem, identity, image, link, network, privileges, resources, token};

pub(crate) const INVALID_SYNTAX: &str = file::invalid_syntax::RULE.id;
pub(crate) const MISSING_USER: &str = identity::missing_user::RULE.id;
pub(crate) const ROOT_USER: &str = identity::root_user::RULE.id;
pub(crate) const NAMED_USER: &str = identity::named_user::RULE.id;
pub(crate) const LOW_UID: &str = identity::low_uid::RULE.id;
pub(crate) const MISSING_RUN_AS_USER: &str = identity::missing_run_as_user::RULE.id;
pub(crate) const MISSING_RUN_AS_GROUP: &str = identity::missing_run_as_group::RULE.id;
pub(crate) const MAY_RUN_AS_ROOT: &str = identity::may_run_as_root::RULE.id;
pub(crate) const WRITABLE_ROOT_FILESYSTEM: &str = filesystem::writable_root_filesystem::RULE.id;
pub(crate) const SERVICE_ACCOUNT_TOKEN_MOUNTED: &str = token::service_account_token_mounted::RULE.id;
pub(crate) const MISSING_MEMORY_LIMIT: &str = resources::missing_memory_limit::RULE.id;
pub(crate) const MISSING_CPU_LIMIT: &str = resources::missing_cpu_limit::RULE.id;
pub(crate) const MISSING_MEMORY_REQUEST: &str = resources::missing_memory_request::RULE.id;
pub(crate) const MISSING_CPU_REQUEST: &str = resources::missing_cpu_request::RULE.id;
pub(crate) const LATEST_TAG: &str = image::latest_tag::RULE.id;
pub(crate) const UNTAGGED_IMAGE: &str = image::untagged_image::RULE.id;
pub(crate) const MOVING_TAG: &str = image::moving_tag::RULE.id;
pub(crate) const UNPINNED_IMAGE: &str = image::unpinned_image::RULE.id;
pub(crate) const SHELL_FORM_COMMAND: &str = dockerfile::shell_form_command::RULE.id;
pub(crate) const PRIVILEGED_CONTAINER: &str = privileges::privileged_container::RULE.id;
pub(crate) const PRIVILEGE_ESCALATION: &str = privileges::privilege_escalation::RULE.id;
pub(crate) const CAPABILITIES_NOT_DROPPED: &str = privileges::capabilities_not_dropped::RULE.id;
pub(crate) const ADDED_CAPABILITIES: &str = privileges::added_capabilities::RULE.id;
pub(crate) const HOST_NETWORK: &str = network::host_network::RULE.id;
pub(crate) const HOST_PID: &str = privileges::host_pid::RULE.id;
pub(crate) const HOST_IPC: &str = privileges::host_ipc::RULE.id;
pub(crate) const HOST_PORT: &str = network::host_port::RULE.id;
pub(crate) const HOST_PATH: &str = filesystem::host_path::RULE.id;
pub(crate) const UNSAFE_VOLUME_TYPE: &str = filesystem::unsafe_volume_type::RULE.id;
pub(crate) const MISSING_SECCOMP: &str = privileges::missing_seccomp::RULE.id;
pub(crate) const UNCONFINED_SECCOMP: &str = privileges::unconfined_seccomp::RULE.id;
pub(crate) const UNCONFINED_APPARMOR: &str = privileges::unconfined_apparmor::RULE.id;
pub(crate) const CUSTOM_SELINUX: &str = privileges::custom_selinux::RULE.id;
pub(crate) const UNMASKED_PROC: &str = privileges::unmasked_proc::RULE.id;
pub(crate) const UNSAFE_SYSCTL: &str = privileges::unsafe_sysctl::RULE.id;
pub(crate) const WINDOWS_HOST_PROCESS: &str = privileges::windows_host_process::RULE.id;
pub(crate) const PROBE_HOST: &str = privileges::probe_host::RULE.id;
pub(crate) const SECRET_IN_ENV: &str = token::secret_in_env::RULE.id;
pub(crate) const CONTAINER_SOCKET_MOUNT: &str = filesystem::container_socket_mount::RULE.id;
pub(crate) const SECRET_IN_BUILD: &str = dockerfile::secret_in_build::RULE.id;
pub(crate) const UNSTARTABLE_NON_ROOT: &str = link::unstartable_non_root::RULE.id;
pub(crate) const UID_MISMATCH: &str = link::uid_mismatch::RULE.id;
pub(crate) const UNMOUNTED_WRITABLE_PATH: &str = link::unmounted_writable_path::RULE.id;

/// Whether what such a rule finds stands at a secret.
pub(crate) fn is_secret_rule(id: &str) -> bool {
    [SECRET_IN_ENV, SECRET_IN_BUILD].contains(&id)
}
