//! Lists every rule, in the order of the catalogue, and finds one by its id.

use super::{
    Rule, dockerfile, file, filesystem, identity, image, link, network, privileges, rbac, resources, token,
};

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
    &dockerfile::shell_form_command::RULE,
    &privileges::privileged_container::RULE,
    &privileges::privilege_escalation::RULE,
    &privileges::capabilities_not_dropped::RULE,
    &privileges::added_capabilities::RULE,
    &network::host_network::RULE,
    &privileges::host_pid::RULE,
    &privileges::host_ipc::RULE,
    &network::host_port::RULE,
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
    &rbac::rbac_wildcard::RULE,
    &rbac::cluster_admin_binding::RULE,
    &network::exposed_service::RULE,
    &network::missing_network_policy::RULE,
    &dockerfile::secret_in_build::RULE,
    &dockerfile::curl_pipe_shell::RULE,
    &dockerfile::missing_pipefail::RULE,
    &dockerfile::add_instead_of_copy::RULE,
    &dockerfile::sudo::RULE,
    &dockerfile::world_writable::RULE,
    &dockerfile::tls_verification_off::RULE,
    &dockerfile::unsigned_packages::RULE,
    &dockerfile::exposed_ssh::RULE,
    &dockerfile::overridden_instruction::RULE,
    &dockerfile::relative_workdir::RULE,
    &dockerfile::deprecated_maintainer::RULE,
    &dockerfile::uncleaned_package_cache::RULE,
    &dockerfile::unconfirmed_install::RULE,
    &dockerfile::update_alone::RULE,
    &dockerfile::cd_instead_of_workdir::RULE,
    &dockerfile::copy_everything::RULE,
    &dockerfile::system_directory::RULE,
    &link::unstartable_non_root::RULE,
    &link::uid_mismatch::RULE,
    &link::unmounted_writable_path::RULE,
    &link::port_mismatch::RULE,
    &link::privileged_port::RULE,
    &token::token_needed::RULE,
    &network::dangling_selector::RULE,
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
    crate::base::find_nearest_name(id, ALL_RULES.iter().map(|rule| rule.id))
}
