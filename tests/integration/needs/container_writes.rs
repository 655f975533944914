//! Paths that a container's own words, variables and scripts write get a volume once the root is read-only, or speak
//! against it.

use seaworthy::finding::{FixRisk, Safety};
use seaworthy::fix::{FixOrder, Planner};
use seaworthy::needs::{NeedCertainty, NeedKind};

use super::{audit_texts, deployment, evidence_places, found_in_spec, risk_of};

const RULE: &str = "writable-root-filesystem";

/// A container of an image that nobody knows, with more of its own.
fn container(more: &str) -> String {
    format!("containers:\n- name: spool\n  image: ghcr.io/acme/spool:3.0.1\n{more}")
}

/// The paths at which the fix mounts something.
fn mounts(more: &str) -> Vec<String> {
    let engine = audit_texts(&[("deploy.yaml", &deployment(&container(more)))]);
    let order = FixOrder::Rules { accepts: &|rule| rule == RULE, max_safety: Safety::Review };
    let plan = Planner::new(&engine).plan(&order).unwrap();
    let Some(patch) = plan.patches.first() else { return Vec::new() };
    let lines = patch.after.text().lines().filter_map(|line| line.split_once("mountPath: "));
    lines.map(|(_, path)| path.to_owned()).collect()
}

#[test]
fn a_path_in_an_option_a_variable_or_a_script_gets_a_volume() {
    for (more, path, line) in [
        (
            "  args: [--web.listen=:9090, --storage.tsdb.path=/var/lib/spool/tsdb]\n",
            "/var/lib/spool/tsdb",
            12,
        ),
        ("  command:\n  - spoold\n  - -data-dir\n  - /data/spool\n", "/data/spool", 15),
        ("  env:\n  - name: SPOOL_CACHE_DIR\n    value: /cache/spool\n", "/cache/spool", 14),
        ("  env:\n  - {name: PIDFILE, value: /var/run/spool/spool.pid}\n", "/var/run/spool", 13),
        ("  command: [sh, -c, \"date > /work/started && exec spoold\"]\n", "/work", 12),
        (
            "  command: [sh, -c, \"cd /work && git clone https://git.example/a && exec spoold\"]\n",
            "/work",
            12,
        ),
        ("  workingDir: /srv/spool\n  command: [sh, -c, \"npm ci && exec spoold\"]\n", "/srv/spool", 13),
        ("  command: [java, -Djava.io.tmpdir=/scratch, -jar, a.jar]\n", "/scratch", 12),
    ] {
        let found = found_in_spec(&container(more), &NeedKind::WrittenPath(path.to_owned()));
        assert_eq!(found, [(NeedCertainty::Shown, vec![format!("deploy.yaml:{line}")])], "{more}");
        assert!(mounts(more).contains(&path.to_owned()), "{more}: {:?}", mounts(more));
    }
}

#[test]
fn what_is_only_read_or_said_gets_none() {
    for more in [
        "  args: [--config-dir=/data/spool]\n",
        "  args: [--data-dir=spool]\n",
        "  args: [\"--data-dir=$(SPOOL)\"]\n",
        "  env:\n  - {name: SPOOL_DATA_DIR_NOTE, value: /data/spool}\n",
        "  env:\n  - {name: TLS_CERT_CACHE_DIR, value: /data/spool}\n",
        "  command: [sh, -c, \"exec spoold # > /data/spool/x\"]\n",
        "  command: [sh, -c, \"echo '> /data/spool/x'; exec spoold\"]\n",
        "  command: [sh, -c, \"spoold > /dev/null\"]\n",
        "  command: [sh, -c, \"pip install --target /tmp/own requests && apk info && exec spoold\"]\n",
        "  # args: [--data-dir=/data/spool]\n",
    ] {
        assert_eq!(mounts(more), ["/tmp"], "{more}");
    }
    let mounted = "  args: [--data-dir=/data/spool]\n  volumeMounts: [{name: d, mountPath: /data}]\nvolumes: [{name: d, \
                   emptyDir: {}}]\n";
    assert!(!mounts(mounted).contains(&"/data/spool".to_owned()));
}

#[test]
fn a_write_where_no_volume_helps_speaks_against_a_read_only_root() {
    for (more, line) in [
        ("  command: [sh, -c, \"sed -i s/a/b/ /etc/spool.conf && exec spoold\"]\n", 12),
        ("  command:\n  - sh\n  - -c\n  - |\n    date > /started\n    exec spoold\n", 16),
        ("  args: [--log-file=/usr/share/spool/spool.log]\n", 12),
        ("  command: [sh, -c, \"apk add ceph vim && exec spoold\"]\n", 12),
        ("  command: [sh, -c, \"cd /home && git clone https://git.example/a && exec spoold\"]\n", 12),
    ] {
        let text = deployment(&container(more));
        let engine = audit_texts(&[("deploy.yaml", &text)]);
        let risk = risk_of(&engine, "deploy.yaml", RULE);
        assert_eq!(risk.risk, FixRisk::WillBreak, "{more} {risk:#?}");
        let place = format!("deploy.yaml:{line}:");
        assert!(evidence_places(&risk).iter().any(|at| at.starts_with(&place)), "{more} {risk:#?}");
        assert_eq!(mounts(more), Vec::<String>::new(), "a block leaves it out");
    }
}

#[test]
fn the_folder_that_postgres_must_own_is_made_below_its_volume() {
    let more = "  env:\n  - {name: PGDATA, value: /var/lib/spool/pg/data}\n";
    let owned = NeedKind::OwnedPath("/var/lib/spool/pg/data".to_owned());
    assert_eq!(found_in_spec(&container(more), &owned).len(), 1);
    assert!(mounts(more).contains(&"/var/lib/spool/pg".to_owned()), "{:?}", mounts(more));
}
