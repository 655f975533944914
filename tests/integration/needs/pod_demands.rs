//! Memory, processors, low ports and tokens, by what a manifest says of them.

use seaworthy::needs::{NeedCertainty, NeedKind};

use super::{deployment, found_in_spec, pod_needs};

const MIB: u64 = 1 << 20;

fn with_command(command: &str) -> String {
    format!("containers:\n- name: app\n  image: registry.example/app:1\n  command: {command}\n")
}

fn with_variable(name: &str, value: &str) -> String {
    format!(
        "containers:\n- name: app\n  image: registry.example/app:1\n  env:\n  - {{name: {name}, value: \"{value}\"}}\n"
    )
}

fn shown(line: usize) -> Vec<(NeedCertainty, Vec<String>)> {
    vec![(NeedCertainty::Shown, vec![format!("deploy.yaml:{line}")])]
}

#[test]
fn a_heap_is_found_in_options_and_variables_with_its_unit() {
    for (spec, bytes, line) in [
        (with_command("[java, -Xmx512m, -jar, /app.jar]"), 640 * MIB, 12),
        (with_command("[sh, -c, \"exec java -Xmx1g -jar /app.jar\"]"), 1280 * MIB, 12),
        (with_command("[node, --max-old-space-size=2048, app.js]"), 2560 * MIB, 12),
        (with_command("[postgres, -c, shared_buffers=256MB]"), 320 * MIB, 12),
        (with_command("[mongod, --wiredTigerCacheSizeGB, \"2\"]"), 2560 * MIB, 12),
        (with_variable("JAVA_TOOL_OPTIONS", "-Dx=y -Xmx800m"), 1000 * MIB, 13),
        (with_variable("NODE_OPTIONS", "--max-old-space-size=400"), 500 * MIB, 13),
        (with_variable("MAX_HEAP_SIZE", "800M"), 1000 * MIB, 13),
    ] {
        assert_eq!(amounts(&spec), [bytes], "{spec}");
        assert_eq!(found_in_spec(&spec, &NeedKind::Memory(bytes)), shown(line), "{spec}");
    }
}

fn amounts(spec: &str) -> Vec<u64> {
    let text = deployment(spec);
    let files = [("deploy.yaml", text.as_str())];
    let needs = pod_needs(&files, "Deployment/app");
    let memory = needs.of_all().filter_map(|need| match need.kind {
        NeedKind::Memory(bytes) => Some(bytes),
        _ => None,
    });
    memory.collect()
}

#[test]
fn what_states_no_amount_needs_none() {
    for spec in [
        with_command("[java, -XX:MaxRAMPercentage=50, -jar, /app.jar]"),
        with_command("[sh, -c, \"echo -Xmx1g # java -Xmx1g\"]").replace("echo -Xmx1g ", "true "),
        with_command("[app, --memory, \"50%\"]"),
        with_variable("JAVA_OPTS", "-Xmx$(HEAP)"),
        with_variable("LOG_LEVEL", "512m"),
    ] {
        assert_eq!(amounts(&spec), Vec::<u64>::new(), "{spec}");
    }
}

#[test]
fn a_low_port_is_found_where_the_manifest_names_it() {
    let likely = |line| vec![(NeedCertainty::Likely, vec![format!("deploy.yaml:{line}")])];
    for (spec, line) in [
        (with_command("[web, --port=443]"), 12),
        (with_command("[web, -listen, \":443\"]"), 12),
        (with_command("[web, --bind-address, \"0.0.0.0:443\"]"), 12),
        (with_variable("ASPNETCORE_URLS", "http://+:443"), 13),
        (with_variable("HTTPS_PORT", "443"), 13),
        (
            "containers:\n- name: app\n  image: registry.example/app:1\n  ports: [{containerPort: 443}]\n"
                .into(),
            12,
        ),
    ] {
        assert_eq!(found_in_spec(&spec, &NeedKind::LowPort(443)), likely(line), "{spec}");
    }
    for spec in [
        with_command("[web, --smtp-port=443]"),
        with_command("[web, --port=8443]"),
        with_command("[web, --target-addr, \"db.example:443\"]"),
        with_variable("RETRIES", "443"),
        with_command("[web, --port=443]") + "securityContext: {runAsUser: 20000}\n",
        with_command("[web, --port=443]")
            + "securityContext: {sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: \"0\"}]}\n",
    ] {
        assert_eq!(found_in_spec(&spec, &NeedKind::LowPort(443)), [], "{spec}");
    }
}

#[test]
fn a_client_of_the_api_is_found_by_command_option_and_variable() {
    for (spec, line) in [
        (with_command("[sh, -c, \"kubectl get lease\"]"), 12),
        (with_command("[manager, --leader-elect]"), 12),
        (with_command("[cat, /var/run/secrets/kubernetes.io/serviceaccount/token]"), 12),
        (with_command("[sh, -c, \"curl https://kubernetes.default.svc/api\"]"), 12),
        (with_variable("API", "https://kubernetes.default.svc"), 13),
    ] {
        assert_eq!(found_in_spec(&spec, &NeedKind::ApiToken), shown(line), "{spec}");
    }
    for spec in [
        with_command("[sh, -c, \"echo kubectl\"]"),
        with_command("[manager, --leader-elect=false]"),
        with_command("[helm, template, .]"),
        with_variable("POD_NAMESPACE", "shop"),
    ] {
        assert_eq!(found_in_spec(&spec, &NeedKind::ApiToken), [], "{spec}");
    }
}

#[test]
fn a_token_of_a_volume_is_found_but_not_one_for_somebody_else() {
    let spec = |volume: &str| {
        format!(
            "containers:\n- name: app\n  image: registry.example/app:1\nvolumes:\n- name: v\n  {volume}\n"
        )
    };
    let token = NeedKind::TokenVolume("v".to_owned());
    for volume in [
        "projected: {sources: [{serviceAccountToken: {path: token}}]}",
        "secret: {secretName: default-token-x7k2p}",
    ] {
        assert_eq!(found_in_spec(&spec(volume), &token), shown(13), "{volume}");
    }
    for volume in [
        "projected: {sources: [{serviceAccountToken: {path: token, audience: vault}}]}",
        "secret: {secretName: api-token}",
        "emptyDir: {}",
    ] {
        assert_eq!(found_in_spec(&spec(volume), &token), [], "{volume}");
    }
}

#[test]
fn processors_are_counted_where_a_program_is_told_how_many_it_has() {
    for (spec, count, line) in [
        (with_command("[gunicorn, --workers=4, \"app:main\"]"), 4, 12),
        (with_command("[sh, -c, \"exec java -XX:ActiveProcessorCount=8 -jar /app.jar\"]"), 8, 12),
        (with_variable("GOMAXPROCS", "2"), 2, 13),
        (with_variable("WEB_CONCURRENCY", "3"), 3, 13),
    ] {
        let likely = vec![(NeedCertainty::Likely, vec![format!("deploy.yaml:{line}")])];
        assert_eq!(found_in_spec(&spec, &NeedKind::Processor(count * 1000)), likely, "{spec}");
    }
    for spec in [
        with_command("[gunicorn, --workers=1, \"app:main\"]"),
        with_command("[sh, -c, \"exec app # --workers=4\"]"),
        with_command("[sh, -c, \"echo workers 4; exec app\"]"),
        with_variable("REPLICAS", "4"),
    ] {
        for count in [1, 4] {
            assert_eq!(found_in_spec(&spec, &NeedKind::Processor(count * 1000)), [], "{spec}");
        }
    }
}

#[test]
fn a_volume_in_memory_counts_where_it_has_a_size() {
    let spec = |source: &str| {
        format!(
            "containers:\n- name: app\n  image: registry.example/app:1\n  volumeMounts: [{{name: s, mountPath: /dev/shm}}]\nvolumes: [{{name: s, emptyDir: {source}}}]\n"
        )
    };
    assert_eq!(amounts(&spec("{medium: Memory, sizeLimit: 1Gi}")), [1024 * MIB]);
    for source in ["{sizeLimit: 1Gi}", "{medium: Memory}", "{}"] {
        assert_eq!(amounts(&spec(source)), Vec::<u64>::new(), "{source}");
    }
}
