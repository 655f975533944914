//! PHP, and the sites and administration pages that people run.

use super::{KnownAccount, KnownImage, RootDrop, TagSelector};
use crate::image::DistroFamily;

const ALPINE: TagSelector = TagSelector::with(&["alpine"]);
const APACHE: TagSelector = TagSelector::with(&["apache"]);
const PHP: &[&str] = &["docker.io/library/php"];
const WORDPRESS: &[&str] = &["docker.io/library/wordpress"];
const DRUPAL: &[&str] = &["docker.io/library/drupal"];
const NEXTCLOUD: &[&str] = &["docker.io/library/nextcloud"];
const GHOST: &[&str] = &["docker.io/library/ghost"];

/// Debian's base-passwd fixes 33; Alpine fixes the group 82 only, and its packages take the same for the user.
const WWW_DATA_DEBIAN: &[KnownAccount] = &[KnownAccount::new("www-data", 33, 33)];
const WWW_DATA_ALPINE: &[KnownAccount] = &[KnownAccount::new("www-data", 82, 82)];
/// Debian's apache2 writes here (envvars of apache2 2.4.71).
const APACHE_WRITES: &[&str] = &["/var/run/apache2", "/var/lock/apache2", "/tmp"];
const SITE_WRITES: &[&str] = &["/var/run/apache2", "/var/lock/apache2", "/var/www/html", "/tmp"];
const APACHE_CAUTION: &str =
    "apache's first process stays root to listen on port 80; under another user it needs a port above 1023";

pub(super) const ROWS: &[KnownImage] = &[
    KnownImage::root(PHP, "docker-library/php:8.4/alpine3.23/fpm/Dockerfile")
        .tagged(ALPINE)
        .drops(RootDrop::Program)
        .brings(WWW_DATA_ALPINE)
        .on(DistroFamily::Alpine)
        .writes(&["/tmp"]),
    KnownImage::root(PHP, "docker-library/php:8.4/trixie/apache/Dockerfile")
        .tagged(APACHE)
        .drops(RootDrop::Program)
        .brings(WWW_DATA_DEBIAN)
        .on(DistroFamily::Debian)
        .writes(APACHE_WRITES)
        .caution(APACHE_CAUTION),
    KnownImage::root(PHP, "docker-library/php:8.4/trixie/fpm/Dockerfile")
        .drops(RootDrop::Program)
        .brings(WWW_DATA_DEBIAN)
        .on(DistroFamily::Debian)
        .writes(&["/tmp"]),
    KnownImage::named(WORDPRESS, "www-data", "docker-library/wordpress:cli/php8.3/alpine/Dockerfile")
        .tagged(TagSelector::with(&["cli"]))
        .built_for(82, 82)
        .brings(WWW_DATA_ALPINE)
        .on(DistroFamily::Alpine)
        .writes(&["/var/www/html", "/tmp"]),
    KnownImage::root(WORDPRESS, "docker-library/wordpress:latest/php8.3/fpm-alpine/Dockerfile")
        .tagged(ALPINE)
        .drops(RootDrop::Program)
        .brings(WWW_DATA_ALPINE)
        .on(DistroFamily::Alpine)
        .writes(&["/var/www/html", "/tmp"]),
    KnownImage::root(WORDPRESS, "docker-library/wordpress:latest/php8.3/apache/Dockerfile")
        .drops(RootDrop::Program)
        .brings(WWW_DATA_DEBIAN)
        .on(DistroFamily::Debian)
        .writes(SITE_WRITES)
        .caution(APACHE_CAUTION),
    KnownImage::root(DRUPAL, "docker-library/drupal:11.3/php8.4/apache-trixie/Dockerfile")
        .tagged(ALPINE)
        .drops(RootDrop::Program)
        .brings(WWW_DATA_ALPINE)
        .on(DistroFamily::Alpine)
        .writes(&["/tmp"])
        .occupies(&["/opt/drupal/web/sites", "/opt/drupal/web/modules", "/opt/drupal/web/themes"]),
    KnownImage::root(DRUPAL, "docker-library/drupal:11.3/php8.4/apache-trixie/Dockerfile")
        .drops(RootDrop::Program)
        .brings(WWW_DATA_DEBIAN)
        .on(DistroFamily::Debian)
        .writes(APACHE_WRITES)
        .occupies(&["/opt/drupal/web/sites", "/opt/drupal/web/modules", "/opt/drupal/web/themes"])
        .caution(APACHE_CAUTION),
    KnownImage::root(NEXTCLOUD, "nextcloud/docker:32/apache/Dockerfile")
        .tagged(ALPINE)
        .drops(RootDrop::Program)
        .brings(WWW_DATA_ALPINE)
        .on(DistroFamily::Alpine)
        .writes(&["/var/www/html", "/var/www/data", "/tmp"])
        .occupies(&["/usr/local/etc/php/conf.d"]),
    KnownImage::root(NEXTCLOUD, "nextcloud/docker:32/apache/Dockerfile")
        .drops(RootDrop::Program)
        .brings(WWW_DATA_DEBIAN)
        .on(DistroFamily::Debian)
        .writes(&["/var/run/apache2", "/var/lock/apache2", "/var/www/html", "/var/www/data", "/tmp"])
        .occupies(&["/usr/local/etc/php/conf.d"])
        .caution(APACHE_CAUTION),
    KnownImage::root(GHOST, "docker-library/ghost:6/alpine3.23/Dockerfile")
        .tagged(ALPINE)
        .drops_to(1000, 1000)
        .brings(&[KnownAccount::new("node", 1000, 1000)])
        .on(DistroFamily::Alpine)
        .writes(&["/var/lib/ghost/content", "/tmp"]),
    KnownImage::root(GHOST, "docker-library/ghost:6/bookworm/Dockerfile")
        .drops_to(1000, 1000)
        .brings(&[KnownAccount::new("node", 1000, 1000)])
        .on(DistroFamily::Debian)
        .writes(&["/var/lib/ghost/content", "/tmp"]),
    KnownImage::named(&["docker.io/library/adminer"], "adminer", "TimWolla/docker-adminer:5/Dockerfile")
        .probably(100, 101)
        .on(DistroFamily::Alpine)
        .writes(&["/tmp"])
        .occupies(&["/var/www/html/plugins-enabled"]),
    KnownImage::number(&["docker.io/dpage/pgadmin4"], 5050, 0, "dpage/pgadmin4:Dockerfile")
        .on(DistroFamily::Alpine)
        .writes(&["/var/lib/pgadmin", "/run/pgadmin", "/tmp"])
        .occupies(&["/pgadmin4/config_distro.py"]),
];
