//! Databases, caches and queues.

use super::{KnownAccount, KnownImage, RootDrop, TagSelector};
use crate::image::DistroFamily;

const ALPINE: TagSelector = TagSelector::with(&["alpine"]);
const POSTGRES: &[&str] = &["docker.io/library/postgres"];
const REDIS: &[&str] = &["docker.io/library/redis"];
const VALKEY: &[&str] = &["docker.io/valkey/valkey"];
const MARIADB: &[&str] = &["docker.io/library/mariadb"];
const MONGO: &[&str] = &["docker.io/library/mongo"];
const RABBITMQ: &[&str] = &["docker.io/library/rabbitmq"];
const RABBITMQ_WRITES: &[&str] = &["/var/lib/rabbitmq", "/var/log/rabbitmq", "/tmp"];
const NEO4J: &[&str] = &["docker.io/library/neo4j"];
const INFLUXDB: &[&str] = &["docker.io/library/influxdb"];
const NATS: &[&str] = &["docker.io/library/nats"];

/// From 18 on the volume is the folder above, and the data stand in a folder of their release within it.
const POSTGRES_17: &[&str] = &["/var/lib/postgresql/data", "/var/run/postgresql", "/tmp"];
const POSTGRES_18: &[&str] = &["/var/lib/postgresql", "/var/run/postgresql", "/tmp"];

pub(super) const ROWS: &[KnownImage] = &[
    KnownImage::root(POSTGRES, "docker-library/postgres:17/alpine3.23/Dockerfile")
        .tagged(ALPINE.below(18))
        .drops_to(70, 70)
        .on(DistroFamily::Alpine)
        .writes(POSTGRES_17),
    KnownImage::root(POSTGRES, "docker-library/postgres:18/alpine3.23/Dockerfile")
        .tagged(ALPINE)
        .drops_to(70, 70)
        .on(DistroFamily::Alpine)
        .writes(POSTGRES_18),
    KnownImage::root(POSTGRES, "docker-library/postgres:17/bookworm/Dockerfile")
        .tagged(TagSelector::ALL.below(18))
        .drops_to(999, 999)
        .on(DistroFamily::Debian)
        .writes(POSTGRES_17),
    KnownImage::root(POSTGRES, "docker-library/postgres:18/trixie/Dockerfile")
        .drops_to(999, 999)
        .on(DistroFamily::Debian)
        .writes(POSTGRES_18),
    KnownImage::root(REDIS, "docker-library/redis:7.2/alpine/Dockerfile")
        .tagged(ALPINE)
        .drops_to(999, 1000)
        .on(DistroFamily::Alpine)
        .writes(&["/data"]),
    KnownImage::root(REDIS, "docker-library/redis:7.2/debian/Dockerfile")
        .drops_to(999, 999)
        .on(DistroFamily::Debian)
        .writes(&["/data"]),
    KnownImage::root(VALKEY, "valkey-io/valkey-container:8.0/alpine/Dockerfile")
        .tagged(ALPINE)
        .drops_to(999, 1000)
        .on(DistroFamily::Alpine)
        .writes(&["/data"]),
    KnownImage::root(VALKEY, "valkey-io/valkey-container:8.0/debian/Dockerfile")
        .drops_to(999, 999)
        .on(DistroFamily::Debian)
        .writes(&["/data"]),
    KnownImage::root(&["docker.io/library/mysql"], "docker-library/mysql:8.4/Dockerfile.oracle")
        .drops_to(999, 999)
        .on(DistroFamily::RedHat)
        .writes(&["/var/lib/mysql", "/var/run/mysqld", "/var/lib/mysql-files", "/tmp"]),
    KnownImage::named(MARIADB, "mysql", "MariaDB/mariadb-docker:11.8-ubi/Dockerfile")
        .tagged(TagSelector::with(&["ubi"]))
        .built_for(999, 999)
        .on(DistroFamily::RedHatMinimal)
        .writes(&["/var/lib/mysql", "/run/mariadb", "/tmp"]),
    KnownImage::root(MARIADB, "MariaDB/mariadb-docker:11.8-ubi/Dockerfile (its comment on the Ubuntu image)")
        .drops_to(999, 999)
        .on(DistroFamily::Ubuntu)
        .writes(&["/var/lib/mysql", "/run/mysqld", "/tmp"]),
    KnownImage::windows(MONGO, "docker-library/mongo:8.0/windows/nanoserver-ltsc2022/Dockerfile")
        .tagged(TagSelector::with(&["nanoserver", "windowsservercore"])),
    KnownImage::root(MONGO, "docker-library/mongo:8.0/Dockerfile")
        .drops_to(999, 999)
        .on(DistroFamily::Ubuntu)
        .writes(&["/data/db", "/data/configdb", "/tmp"]),
    KnownImage::root(&["docker.io/library/cassandra"], "docker-library/cassandra:5.0/Dockerfile")
        .drops_to(999, 999)
        .on(DistroFamily::Debian)
        .writes(&["/var/lib/cassandra", "/var/log/cassandra", "/tmp"])
        .occupies(&["/etc/cassandra"]),
    KnownImage::named(
        &["docker.io/library/memcached"],
        "memcache",
        "docker-library/memcached:1/debian/Dockerfile",
    )
    .built_for(11211, 11211)
    .on(DistroFamily::Debian),
    KnownImage::root(RABBITMQ, "docker-library/rabbitmq:4.3/alpine/Dockerfile")
        .tagged(ALPINE)
        .drops_to(100, 101)
        .on(DistroFamily::Alpine)
        .writes(RABBITMQ_WRITES)
        .occupies(&["/etc/rabbitmq"]),
    KnownImage::root(RABBITMQ, "docker-library/rabbitmq:4.3/ubuntu/Dockerfile")
        .drops_to(999, 999)
        .on(DistroFamily::Ubuntu)
        .writes(RABBITMQ_WRITES)
        .occupies(&["/etc/rabbitmq"]),
    KnownImage::root(
        &["docker.io/library/couchdb", "docker.io/apache/couchdb"],
        "apache/couchdb-docker:3.5.0/Dockerfile",
    )
    .drops_to(5984, 5984)
    .on(DistroFamily::Debian)
    .writes(&["/opt/couchdb/data", "/opt/couchdb/var/log"])
    .occupies(&["/opt/couchdb/etc/local.d"]),
    KnownImage::root(NEO4J, "neo4j/docker-neo4j:docker-image-src/5/coredb/Dockerfile-ubi9")
        .tagged(TagSelector::with(&["ubi"]))
        .drops_to(7474, 7474)
        .on(DistroFamily::RedHatMinimal)
        .writes(&["/data", "/logs"])
        .occupies(&["/var/lib/neo4j"]),
    KnownImage::root(NEO4J, "neo4j/docker-neo4j:docker-image-src/5/coredb/Dockerfile-trixie")
        .drops_to(7474, 7474)
        .on(DistroFamily::Debian)
        .writes(&["/data", "/logs"])
        .occupies(&["/var/lib/neo4j"]),
    KnownImage::named(INFLUXDB, "influxdb", "influxdata/influxdata-docker:influxdb/1.11/Dockerfile")
        .tagged(TagSelector::with(&["1.11"]))
        .built_for(1500, 1500)
        .on(DistroFamily::Debian)
        .writes(&["/var/lib/influxdb"]),
    KnownImage::root(INFLUXDB, "influxdata/influxdata-docker:influxdb/2.7/Dockerfile")
        .tagged(TagSelector::with(&["2", "2.7"]))
        .drops_to(1000, 1000)
        .on(DistroFamily::Debian)
        .writes(&["/var/lib/influxdb2", "/etc/influxdb2", "/home/influxdb"]),
    KnownImage::named(INFLUXDB, "influxdb3", "influxdata/influxdata-docker:influxdb/3.11-core/Dockerfile")
        .tagged(TagSelector::with(&["core"]))
        .built_for(1500, 1500)
        .on(DistroFamily::Ubuntu)
        .writes(&["/var/lib/influxdb3", "/plugins"]),
    KnownImage::root(&["docker.io/library/zookeeper"], "31z4/zookeeper-docker:3.9.4/Dockerfile")
        .drops_to(1000, 1000)
        .on(DistroFamily::Ubuntu)
        .writes(&["/data", "/datalog", "/logs"])
        .occupies(&["/conf"]),
    KnownImage::named(&["docker.io/apache/kafka"], "appuser", "apache/kafka:docker/jvm/Dockerfile")
        .probably(1000, 1000)
        .on(DistroFamily::Alpine)
        .writes(&["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config", "/usr/logs", "/tmp"])
        .occupies(&["/opt/kafka"]),
    KnownImage::named(&["docker.io/apache/kafka-native"], "appuser", "apache/kafka:docker/native/Dockerfile")
        .probably(1000, 1000)
        .on(DistroFamily::Alpine)
        .writes(&["/etc/kafka/secrets", "/mnt/shared/config"])
        .occupies(&["/opt/kafka"]),
    KnownImage::named(
        &["docker.io/confluentinc/cp-*"],
        "appuser",
        "confluentinc/common-docker:base-java/Dockerfile.ubi9",
    )
    .probably(1000, 1000)
    .on(DistroFamily::RedHatMinimal)
    .writes(&["/usr/logs"])
    .occupies(&["/etc/confluent"]),
    KnownImage::named(
        &["docker.io/library/flink"],
        "flink",
        "apache/flink-docker:2.2/scala_2.12-java21-ubuntu/Dockerfile",
    )
    .built_for(9999, 9999)
    .on(DistroFamily::Ubuntu)
    .writes(&["/opt/flink/log", "/tmp"])
    .occupies(&["/opt/flink/conf"]),
    KnownImage::root(&["docker.io/minio/minio", "quay.io/minio/minio"], "minio/minio:Dockerfile.release")
        .on(DistroFamily::RedHatMinimal)
        .writes(&["/data", "/tmp"]),
    KnownImage::root(&["quay.io/coreos/etcd", "gcr.io/etcd-development/etcd"], "etcd-io/etcd:Dockerfile")
        .on(DistroFamily::Distroless)
        .writes(&["/var/lib/etcd", "/var/etcd"]),
    KnownImage::root(NATS, "nats-io/nats-docker:2.14.x/alpine3.22/Dockerfile")
        .tagged(ALPINE)
        .on(DistroFamily::Alpine),
    KnownImage::root(NATS, "nats-io/nats-docker:2.14.x/scratch/Dockerfile").on(DistroFamily::Scratch),
    KnownImage::root(
        &["docker.io/library/eclipse-mosquitto"],
        "eclipse-mosquitto/mosquitto:docker/2.1-alpine/Dockerfile",
    )
    .drops(RootDrop::Program)
    .brings(&[KnownAccount::new("mosquitto", 1883, 1883)])
    .on(DistroFamily::Alpine)
    .writes(&["/mosquitto/data", "/mosquitto/log"]),
];
