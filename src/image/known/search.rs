//! Search engines and their dashboards.

use super::{KnownImage, TagSelector};
use crate::image::DistroFamily;

const ELASTICSEARCH: &[&str] = &[
    "docker.io/library/elasticsearch",
    "docker.elastic.co/elasticsearch/elasticsearch",
    "docker.io/elastic/elasticsearch",
];
const ELASTICSEARCH_SOURCE: &str =
    "elastic/elasticsearch:distribution/docker/src/docker/dockerfiles/default/Dockerfile";
const KIBANA: &[&str] =
    &["docker.io/library/kibana", "docker.elastic.co/kibana/kibana", "docker.io/elastic/kibana"];
const KIBANA_SOURCE: &str =
    "elastic/kibana:src/dev/build/tasks/os_packages/docker_generator/templates/base/Dockerfile";

pub(super) const ROWS: &[KnownImage] = &[
    // Before 8 some releases start as root and switch to the same account.
    KnownImage::unknown(ELASTICSEARCH, ELASTICSEARCH_SOURCE)
        .tagged(TagSelector::ALL.below(8))
        .known_for(1000, 0)
        .writes(&["/usr/share/elasticsearch/data", "/usr/share/elasticsearch/logs", "/tmp"])
        .occupies(&["/usr/share/elasticsearch/config", "/usr/share/elasticsearch/plugins"]),
    KnownImage::number(ELASTICSEARCH, 1000, 0, ELASTICSEARCH_SOURCE)
        .on(DistroFamily::Ubuntu)
        .writes(&["/usr/share/elasticsearch/data", "/usr/share/elasticsearch/logs", "/tmp"])
        .occupies(&["/usr/share/elasticsearch/config", "/usr/share/elasticsearch/plugins"]),
    KnownImage::unknown(KIBANA, KIBANA_SOURCE)
        .tagged(TagSelector::ALL.below(8))
        .writes(&["/usr/share/kibana/data", "/tmp"])
        .occupies(&["/usr/share/kibana/config"]),
    KnownImage::number(KIBANA, 1000, 1000, KIBANA_SOURCE)
    .writes(&["/usr/share/kibana/data", "/tmp"])
    .occupies(&["/usr/share/kibana/config"]),
    KnownImage::number(
        &["docker.io/opensearchproject/opensearch", "public.ecr.aws/opensearchproject/opensearch"],
        1000,
        1000,
        "opensearch-project/opensearch-build:docker/release/dockerfiles/opensearch.al2023.dockerfile",
    )
    .on(DistroFamily::RedHatMinimal)
    .writes(&["/usr/share/opensearch/data", "/usr/share/opensearch/logs", "/tmp"])
    .occupies(&["/usr/share/opensearch/config"]),
    KnownImage::unknown(
        &[
            "docker.io/opensearchproject/opensearch-dashboards",
            "public.ecr.aws/opensearchproject/opensearch-dashboards",
        ],
        "opensearch-project/opensearch-build:docker/release/dockerfiles/opensearch-dashboards.al2023.dockerfile",
    )
    .known_for(1000, 1000)
    .on(DistroFamily::RedHatMinimal),
    KnownImage::number(&["docker.io/library/solr"], 8983, 8983, "apache/solr-docker:9.10/Dockerfile")
        .on(DistroFamily::Ubuntu)
        .writes(&["/var/solr", "/tmp"]),
];
