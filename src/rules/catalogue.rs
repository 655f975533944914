//! Lists every rule, in the order of the catalogue, and finds one by its id.

use super::{Rule, build, file, filesystem, identity, image, link, privileges, resources, token};

/// Every rule, in the order of the catalogue.
pub static ALL_RULES: &[&Rule] = &[
    &identity::missing_user::RULE,
    &identity::root_user::RULE,
    &identity::named_user::RULE,
    &identity::low_uid::RULE,
    &identity::missing_run_as_user::RULE,
    &identity::missing_run_as_group::RULE,
    &identity::may_run_as_root::RULE,
    &filesystem::writable_root_filesystem::RULE,
    &token::service_account_token_mounted::RULE,
    &resources::missing_memory_limit::RULE,
    &resources::missing_cpu_limit::RULE,
    &resources::missing_memory_request::RULE,
    &resources::missing_cpu_request::RULE,
    &image::latest_tag::RULE,
    &image::untagged_image::RULE,
    &image::moving_tag::RULE,
    &image::unpinned_image::RULE,
    &build::shell_form_command::RULE,
    &privileges::privileged_container::RULE,
    &privileges::privilege_escalation::RULE,
    &privileges::capabilities_not_dropped::RULE,
    &privileges::added_capabilities::RULE,
    &privileges::host_network::RULE,
    &privileges::host_pid::RULE,
    &privileges::host_ipc::RULE,
    &privileges::host_port::RULE,
    &filesystem::host_path::RULE,
    &filesystem::unsafe_volume_type::RULE,
    &privileges::missing_seccomp::RULE,
    &privileges::unconfined_seccomp::RULE,
    &privileges::unconfined_apparmor::RULE,
    &privileges::custom_selinux::RULE,
    &privileges::unmasked_proc::RULE,
    &privileges::unsafe_sysctl::RULE,
    &privileges::windows_host_process::RULE,
    &privileges::probe_host::RULE,
    &token::secret_in_env::RULE,
    &filesystem::container_socket_mount::RULE,
    &privileges::default_namespace::RULE,
    &token::default_service_account::RULE,
    &resources::missing_liveness_probe::RULE,
    &resources::missing_readiness_probe::RULE,
    &token::rbac_wildcard::RULE,
    &token::cluster_admin_binding::RULE,
    &privileges::exposed_service::RULE,
    &privileges::missing_network_policy::RULE,
    &build::secret_in_build::RULE,
    &build::curl_pipe_shell::RULE,
    &build::missing_pipefail::RULE,
    &build::add_instead_of_copy::RULE,
    &build::sudo::RULE,
    &build::world_writable::RULE,
    &build::tls_verification_off::RULE,
    &build::unsigned_packages::RULE,
    &build::exposed_ssh::RULE,
    &build::overridden_instruction::RULE,
    &build::relative_workdir::RULE,
    &build::deprecated_maintainer::RULE,
    &build::uncleaned_package_cache::RULE,
    &build::unconfirmed_install::RULE,
    &build::update_alone::RULE,
    &build::cd_instead_of_workdir::RULE,
    &build::copy_everything::RULE,
    &build::system_directory::RULE,
    &link::unstartable_non_root::RULE,
    &link::uid_mismatch::RULE,
    &link::unmounted_writable_path::RULE,
    &file::invalid_syntax::RULE,
    &file::duplicate_key::RULE,
    &file::ambiguous_boolean::RULE,
    &file::unaudited_file::RULE,
    &file::unused_suppression::RULE,
    &file::suppression_without_reason::RULE,
];

/// The rule of that id.
#[must_use]
pub fn find_rule(id: &str) -> Option<&'static Rule> {
    ALL_RULES.iter().copied().find(|rule| rule.id == id)
}

/// The id that was perhaps meant.
#[must_use]
pub fn nearest_rule_id(id: &str) -> Option<&'static str> {
    crate::settings::nearest(id, ALL_RULES.iter().map(|rule| rule.id))
}
